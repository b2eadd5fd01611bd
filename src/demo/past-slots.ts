import { type Cron, parseCron } from '../domain/schedule/cron.ts';
import { slotOccasion } from '../domain/schedule/firing.ts';
import { nextRun, spacedFromAfterRun } from '../domain/schedule/next-run.ts';
import type { ScriptProfile } from '../domain/script-profiles/script-profile.ts';
import type { RecurringTrigger } from '../domain/script-profiles/trigger.ts';
import { addMinutes, type Instant, latest } from '../domain/time.ts';
import type { PastSlots } from './history.ts';
import { afterSeconds } from './scatter.ts';

/** A time in which no slot fired, because the service was down or the profile was paused. */
export interface Silence {
  readonly kind: 'outage' | 'pause';
  readonly from: Instant;
  readonly to: Instant;
}

export interface PastFiring {
  readonly slot: Instant;
  readonly occasion: string;
  readonly at: Instant;
}

/** Reasons why a slot did not fire at its time. A slot that did has no reason. */
const REASONS = { outage: 'outage', pause: 'paused', overlap: 'overlap', spacing: 'spacing' } as const;

export type Recurring = ScriptProfile & { readonly trigger: RecurringTrigger };

/**
 * Computes the results of all slots of a recurring profile until now, and the next slot.
 * @param fire creates the run and returns the time at which its last execution ended
 */
export function liveThrough(
  profile: Recurring,
  { silences, minInterval, now }: { silences: readonly Silence[]; minInterval: number; now: Instant },
  fire: (firing: PastFiring) => Instant,
): { slots: PastSlots[]; spacedFrom: Instant | null; nextRun: Instant } {
  const cron = parseCron(profile.trigger.interval);
  const { startAfter } = profile.trigger;
  const slots: PastSlots[] = [];
  const enter = (
    passed: Instant[],
    status: PastSlots['status'],
    reason: string | null,
    occasion?: string,
  ) => {
    if (passed.length === 0) return;
    const [firstSlot, lastSlot] = [passed[0]!, passed.at(-1)!];
    const range = { firstSlot, lastSlot, number: passed.length };
    slots.push({ scriptProfileId: profile.id, status, reason, ...range, occasion: occasion ?? null });
  };

  // All slots before `from` are already recorded.
  let from = profile.createdAt;
  let spacedFrom: Instant | undefined;
  let lastEnd = profile.createdAt;
  for (;;) {
    const slot = nextRun({ cron, startAfter, spacedFrom, minInterval, now: from })!;
    const tooSoon = matches(cron, latest(from, startAfter), slot);
    enter(
      tooSoon.filter((passed) => passed <= now),
      'moved',
      REASONS.spacing,
    );
    if (slot > now) return { slots, spacedFrom: spacedFrom ?? null, nextRun: slot };

    const silence = silences.find((silence) => silence.from <= slot && slot < silence.to);
    if (silence?.kind === 'pause') {
      enter(matches(cron, slot, silence.to), 'skipped', REASONS.pause);
      from = silence.to;
      continue;
    }
    if (profile.overlap === 'SKIP' && lastEnd > slot) {
      enter([slot], 'skipped', REASONS.overlap);
      from = addMinutes(slot, 1);
      continue;
    }
    // After an outage a single run replaces all missed slots.
    const missed = silence ? matches(cron, slot, silence.to) : [slot];
    const last = missed.pop()!;
    const at = afterSeconds(silence?.to ?? slot, 1);
    const firing = { slot: last, occasion: slotOccasion(last, profile.arming), at: at < now ? at : now };
    lastEnd = fire(firing);
    enter(missed, 'coalesced', REASONS.outage, firing.occasion);
    enter([last], 'fired', null, firing.occasion);
    spacedFrom = spacedFromAfterRun(last, firing.at);
    from = silence ? firing.at : addMinutes(slot, 1);
  }
}

/** The times at which the cron expression matches, from `from` up to but excluding `to`. */
function matches(cron: Cron, from: Instant, to: Instant): Instant[] {
  const found: Instant[] = [];
  for (
    let match = cron.firstAtOrAfter(from)!;
    match < to;
    match = cron.firstAtOrAfter(addMinutes(match, 1))!
  ) {
    found.push(match);
  }
  return found;
}
