import type { Change } from '../domain/change.ts';

/** The channel on which processes listen for changes, including their own. */
export const CHANGES_CHANNEL = 'script_profile_changes';

/** Returns undefined for a change that this version does not know. Any data may then have changed. */
export function parseChange(payload: string): Change | undefined {
  try {
    const change = JSON.parse(payload) as Change | null;
    return change && kinds.includes(change.kind) ? change : undefined;
  } catch {
    return undefined;
  }
}

const kinds: readonly Change['kind'][] = ['scriptProfile', 'run', 'event', 'computers', 'access'];
