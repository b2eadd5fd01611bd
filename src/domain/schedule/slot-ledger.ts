import type { SlotRange } from './cron.ts';

/** What became of slots that fell due. Every one ends in the ledger; none just disappears. */
export const slotStatuses = ['fired', 'coalesced', 'moved', 'skipped'] as const;
export type SlotStatus = (typeof slotStatuses)[number];

/**
 * Why a slot was not fired at its time.
 * outage: nothing was fired when it fell due, and one run stands for all that were missed
 * spacing: it came too soon after the run before
 * paused, overlap, rescheduled, archived: the profile was paused, its last run not over, its trigger changed,
 * or it was archived
 */
export const slotReasons = ['outage', 'spacing', 'paused', 'overlap', 'rescheduled', 'archived'] as const;
export type SlotReason = (typeof slotReasons)[number];

export interface SlotEntry extends SlotRange {
  readonly status: SlotStatus;
  /** Null for what was fired. */
  readonly reason: SlotReason | null;
}

/** An entry for these slots, if there are any. */
export const entry = (
  range: SlotRange | undefined,
  status: SlotStatus,
  reason: SlotReason | null,
): SlotEntry[] => (range ? [{ ...range, status, reason }] : []);
