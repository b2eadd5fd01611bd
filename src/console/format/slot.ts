import { graphql, read } from '../app/graphql.ts';
import type { FragmentType } from '../generated/fragment-masking.ts';
import type { SlotReason, SlotStatus } from '../generated/graphql.ts';
import type { Look } from './status.ts';

const SLOT = graphql(`
  fragment SlotWords on SlotEntry { status reason }
`);

const looks: Readonly<Record<SlotStatus, Look>> = {
  FIRED: { label: 'Ran', tone: 'good' },
  MOVED: { label: 'Moved', tone: 'waiting' },
  COALESCED: { label: 'Joined a later run', tone: 'waiting' },
  SKIPPED: { label: 'Skipped', tone: 'bad' },
};

/** Why a slot had no run at its time. */
export const slotReasons: Readonly<Record<SlotReason, string>> = {
  ARCHIVED: 'The profile was archived.',
  OUTAGE: 'The scheduler was down or late.',
  OVERLAP: 'The previous run was still in progress.',
  PAUSED: 'The profile was paused.',
  RESCHEDULED: 'The schedule was changed.',
  SPACING: 'The minimum time between runs had not passed.',
};

/** The outcome of slots, and why they had no run at their time. */
export function slotWords(of: FragmentType<typeof SLOT>): { readonly look: Look; readonly reason?: string } {
  const { status, reason } = read(SLOT, of);
  return { look: looks[status], reason: reason ? slotReasons[reason] : undefined };
}

/** Why slots of a forecast get no run. */
export const passedOverReasons: Readonly<Record<SlotReason, string>> = {
  ARCHIVED: 'the profile is archived.',
  OUTAGE: 'the scheduler was down or late.',
  OVERLAP: 'the previous run is still in progress.',
  PAUSED: 'the profile is paused.',
  RESCHEDULED: 'the schedule changes.',
  SPACING: 'the minimum time between runs has not passed.',
};
