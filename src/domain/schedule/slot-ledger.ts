import type { SlotRange } from './cron.ts';

/** The result of slots that fell due. The ledger records every slot. */
export const slotStatuses = ['fired', 'coalesced', 'moved', 'skipped'] as const;
export type SlotStatus = (typeof slotStatuses)[number];

/**
 * Why a slot was not fired at its time:
 *
 * - `outage`: no scheduler ran when the slot fell due, so one run stands for all missed slots.
 * - `spacing`: the slot came too soon after the previous run.
 * - `paused`: the profile was paused.
 * - `overlap`: the last run was still in progress.
 * - `rescheduled`: the trigger was changed.
 * - `archived`: the profile was archived.
 */
export const slotReasons = ['outage', 'spacing', 'paused', 'overlap', 'rescheduled', 'archived'] as const;
export type SlotReason = (typeof slotReasons)[number];

/** Reasons that no person chose: an active profile did not run at a time of its schedule. */
export const missedReasons = ['outage', 'spacing', 'overlap'] as const satisfies readonly SlotReason[];
export type MissedReason = (typeof missedReasons)[number];

export interface SlotEntry extends SlotRange {
  readonly status: SlotStatus;
  /** Null for a fired slot. */
  readonly reason: SlotReason | null;
}

/** Returns one ledger entry, or none if there are no slots. */
export const entry = (
  range: SlotRange | undefined,
  status: SlotStatus,
  reason: SlotReason | null,
): SlotEntry[] => (range ? [{ ...range, status, reason }] : []);
