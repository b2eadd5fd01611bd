import type { Change } from '../domain/change.ts';

/** Where processes listen for what the others, and they themselves, have changed. */
export const CHANGES_CHANNEL = 'script_profile_changes';

/** Undefined for what is no change that this version knows: anything may have changed. */
export function parseChange(payload: string): Change | undefined {
  try {
    const change = JSON.parse(payload) as Change | null;
    return change && kinds.includes(change.kind) ? change : undefined;
  } catch {
    return undefined;
  }
}

const kinds: readonly Change['kind'][] = ['scriptProfile', 'run', 'event', 'computers', 'access'];
