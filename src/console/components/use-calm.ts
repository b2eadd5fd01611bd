import { useCallback, useEffect, useRef } from 'react';

/** Runs the work now if it did not run lately, or else once after the pause. For events that come in bursts. */
export function useCalm(work: () => void, pauseMs = 1000): () => void {
  const latest = useRef(work);
  latest.current = work;
  const state = useRef<{ timer?: ReturnType<typeof setTimeout>; isWanted?: boolean }>({});
  useEffect(() => () => clearTimeout(state.current.timer), []);
  return useCallback(() => {
    const now = state.current;
    now.isWanted = true;
    const turn = () => {
      now.timer = undefined;
      if (!now.isWanted) return;
      now.isWanted = false;
      now.timer = setTimeout(turn, pauseMs);
      latest.current();
    };
    if (!now.timer) turn();
  }, [pauseMs]);
}
