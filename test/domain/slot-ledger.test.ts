import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCron } from '../../src/domain/schedule/cron.ts';
import { closeLedger, fire } from '../../src/domain/schedule/firing.ts';
import type { SlotEntry } from '../../src/domain/schedule/slot-ledger.ts';
import { pauseScriptProfile, resumeScriptProfile } from '../../src/domain/script-profiles/pausing.ts';
import {
  archiveScriptProfile,
  editScriptProfile,
  type ScriptProfile,
} from '../../src/domain/script-profiles/script-profile.ts';
import type { RecurringTrigger } from '../../src/domain/script-profiles/trigger.ts';
import {
  addMinutes,
  epochSeconds,
  type Instant,
  instantOf,
  justAfter,
  latest,
} from '../../src/domain/time.ts';
import { aProfile, every, LIMITS, NOW } from '../support/builders.ts';
import { thorough } from '../support/seed.ts';

// P3 and P7 for any life of a recurring profile: the ledger contains every slot that falls due exactly once.

const CRONS = [
  '* * * * *',
  '*/7 * * * *',
  '0 * * * *',
  '30 4-20/3 * * *',
  '0 6 * * MON-FRI',
  '15,45 9 1,15 * 3',
];
const START = epochSeconds(NOW);
const HOUR = 3600;

type Step = { after: number } & (
  | { do: 'tick'; inProgress: boolean }
  | { do: 'edit'; interval: string; startsIn: number }
  | { do: 'pause' | 'resume' | 'archive' }
);
// Clocks are sometimes set back by up to two hours.
const after = fc.oneof(
  fc.nat(90),
  fc.nat(3 * HOUR),
  fc.nat(4 * 24 * HOUR),
  fc.integer({ min: -2 * HOUR, max: 0 }),
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ after, do: fc.constant('tick' as const), inProgress: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      after,
      do: fc.constant('edit' as const),
      interval: fc.constantFrom(...CRONS),
      startsIn: fc.integer({ min: -5 * HOUR, max: 30 * HOUR }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ after, do: fc.constantFrom('pause' as const, 'resume' as const) }) },
  { weight: 1, arbitrary: fc.record({ after, do: fc.constant('archive' as const) }) },
);
const lives = fc.record({
  interval: fc.constantFrom(...CRONS),
  startsIn: fc.integer({ min: -5 * HOUR, max: 30 * HOUR }),
  minInterval: fc.constantFrom(0, 1, 30, 60, 2000),
  overlap: fc.constantFrom('ALLOW' as const, 'SKIP' as const),
  steps: fc.array(steps, { minLength: 1, maxLength: 40, size: 'max' }),
});

/** Checks that the entries in sequence are all the trigger's matches between two instants. */
function expectPartition(
  trigger: RecurringTrigger,
  from: Instant,
  end: Instant,
  entries: readonly SlotEntry[],
) {
  const cron = parseCron(trigger.interval);
  let next = cron.firstAtOrAfter(latest(from, trigger.startAfter))!;
  for (const { firstSlot, lastSlot, number } of entries) {
    expect(firstSlot).toBe(next);
    expect(cron.between(firstSlot, justAfter(lastSlot))).toEqual({ firstSlot, lastSlot, number });
    next = cron.firstAtOrAfter(justAfter(lastSlot))!;
  }
  expect(next >= end).toBe(true);
}

test('for any life, the ledger has each slot exactly once, and runs keep their distance', () => {
  fc.assert(
    fc.property(lives, ({ interval, startsIn, minInterval, overlap, steps }) => {
      const limits = { ...LIMITS, minInterval };
      const trigger = every(interval, instantOf(START + startsIn));
      const cron = parseCron(interval);
      const nextRun = cron.firstAtOrAfter(latest(NOW, trigger.startAfter))!;
      let profile: ScriptProfile = aProfile({ trigger, overlap, createdAt: NOW, nextRun });
      // Only the entries since the trigger was last armed.
      let [entries, from] = [[] as SlotEntry[], NOW];
      let seconds = START;
      let lastFired: Instant | undefined;
      const close = (reason: 'rescheduled' | 'paused' | 'archived', now: Instant) =>
        entries.push(...closeLedger(profile, reason, now));

      for (const step of [...steps, { after: 60, do: 'archive' } as const]) {
        if (profile.archived) break;
        seconds += step.after;
        const now = instantOf(seconds).replace('.000000', '.500000');
        const made = { at: now, limits };
        if (step.do === 'tick') {
          const { spacedFrom, pausedAt } = profile;
          const firing = fire(profile, { now, limits, lastRunInProgress: step.inProgress });
          if (firing === null) continue;
          // P10: a paused profile does not fire.
          expect(pausedAt).toBeNull();
          entries.push(...firing.ledger);
          profile = firing.profile;
          if (firing.slot === null) {
            expect([overlap, step.inProgress]).toEqual(['SKIP', true]);
            continue;
          }
          const { slot } = firing;
          expect(firing.ledger.filter(({ status }) => status === 'fired')).toHaveLength(1);
          expect(slot <= now && slot >= (profile.trigger as RecurringTrigger).startAfter).toBe(true);
          if (spacedFrom !== null) expect(slot >= addMinutes(spacedFrom, minInterval)).toBe(true);
          if (lastFired !== undefined) expect(slot > lastFired).toBe(true);
          expect(profile.nextRun! > slot).toBe(true);
          lastFired = slot;
        } else if (step.do === 'edit') {
          const startAfter = instantOf(seconds + step.startsIn);
          const edit = { trigger: { kind: 'recurring', interval: step.interval, startAfter } } as const;
          const edited = editScriptProfile(profile, edit, made);
          if (edited.arming === profile.arming) continue;
          close('rescheduled', now);
          const end = latest(justAfter(now), from, profile.slotsFrom ?? NOW);
          expectPartition(profile.trigger as RecurringTrigger, from, end, entries);
          [entries, from, profile] = [[], end, edited];
          if (lastFired !== undefined && edited.nextRun !== null)
            expect(edited.nextRun > lastFired).toBe(true);
        } else if (step.do === 'pause') {
          if (profile.pausedAt === null) close('paused', now);
          profile = pauseScriptProfile(profile, null, now);
        } else if (step.do === 'resume') {
          if (profile.pausedAt !== null) close('paused', now);
          profile = resumeScriptProfile(profile, made);
        } else {
          close('archived', now);
          profile = archiveScriptProfile(profile, now);
          const end = latest(justAfter(now), from, profile.slotsFrom ?? NOW);
          expectPartition(profile.trigger as RecurringTrigger, from, end, entries);
        }
      }
    }),
    { numRuns: thorough(500) },
  );
});
