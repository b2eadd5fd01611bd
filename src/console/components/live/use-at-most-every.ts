import { useCallback, useEffect, useRef } from 'react';

/**
 * Returns a function that does the task now, or as soon as the pause since the last time is over. Calls in between are
 * one. For what events cause, which come in bursts.
 */
export function useAtMostEvery(pauseMs: number, task: () => Promise<unknown>): () => void {
  const latest = useRef(task);
  latest.current = task;
  const state = useRef({ isBusy: false, isWanted: false, timer: 0 });
  const start = useCallback(() => {
    const now = state.current;
    now.isWanted = true;
    if (now.isBusy) return;
    now.isBusy = true;
    now.isWanted = false;
    const rest = () => {
      now.timer = window.setTimeout(() => {
        now.isBusy = false;
        if (now.isWanted) start();
      }, pauseMs);
    };
    // A failed refresh is repeated by the next event. The page shows its own errors.
    void latest.current().then(rest, rest);
  }, [pauseMs]);
  useEffect(() => () => clearTimeout(state.current.timer), []);
  return start;
}
