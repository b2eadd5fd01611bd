import { useSyncExternalStore } from 'react';

const EVERY_MS = 15_000;
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const one of listeners) one();
  }, EVERY_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function read(): number {
  // Without a clock that runs, the last time is old. It must not change between two reads of one rendering.
  if (listeners.size === 0 && Date.now() - now > 1000) now = Date.now();
  return now;
}

/** The present time in milliseconds, from one clock for all components. */
export const useNow = (): number => useSyncExternalStore(subscribe, read);
