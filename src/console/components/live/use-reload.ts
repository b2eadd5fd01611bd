import { useEffect, useRef } from 'react';

/** Loads a part of the page again when the object that it belongs to has changed, such as when its last run has. */
export function useReload(reload: () => unknown, key: string): void {
  const last = useRef(key);
  useEffect(() => {
    if (last.current === key) return;
    last.current = key;
    void reload();
  });
}
