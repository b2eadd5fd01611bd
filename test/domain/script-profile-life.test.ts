import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCron } from '../../src/domain/schedule/cron.ts';
import { nextRun, spacedFromAfterRun } from '../../src/domain/schedule/next-run.ts';
import {
  archiveScriptProfile,
  checkDraft,
  createScriptProfile,
  editScriptProfile,
  respace,
  type ScriptProfile,
  type ScriptProfileEdit,
} from '../../src/domain/script-profiles/script-profile.ts';
import type { TriggerDraft } from '../../src/domain/script-profiles/trigger.ts';
import { addMinutes, epochSeconds, type Instant, instantOf, latest } from '../../src/domain/time.ts';
import { aDraft, aScript, at, john, LIMITS, NOW, refusalOf } from '../support/builders.ts';
import { thorough } from '../support/seed.ts';

// The life of one profile: after any actions in any order, the invariants hold.

const START = epochSeconds(NOW);
const DAY = 86_400;
const times = fc.integer({ min: -10 * DAY, max: 30 * DAY }).map((seconds) => instantOf(START + seconds));
const fewTimes = fc.constantFrom(at('2025-04-09T00:00'), at('2025-04-12T12:00'));
const crons = fc.constantFrom('* * * * *', '*/7 * * * *', '0 6 * * *', '30 4 1,15 * MON');
const orNothing = <Value>(values: fc.Arbitrary<Value>) => fc.oneof(values, fc.constantFrom(null, undefined));
const somewhen = fc.oneof(times, fewTimes);

const drafts: Record<string, fc.Arbitrary<TriggerDraft>> = {
  event: fc.constant({ kind: 'event', eventType: 'post_enrollment' }),
  one_time: fc.record({ kind: fc.constant('one_time' as const), timestamp: somewhen }),
  recurring: fc.record({ kind: fc.constant('recurring' as const), interval: crons, startAfter: somewhen }),
};
const triggerEdits: Record<string, fc.Arbitrary<NonNullable<ScriptProfileEdit['trigger']>>> = {
  event: drafts.event!,
  one_time: drafts.one_time!,
  recurring: fc.record({
    kind: fc.constant('recurring' as const),
    interval: orNothing(crons),
    startAfter: orNothing(somewhen),
  }),
};

const edits = (kind: string): fc.Arbitrary<ScriptProfileEdit> =>
  fc.record({
    title: orNothing(fc.constantFrom('A', ' A ', 'B')),
    username: orNothing(fc.constantFrom('root', 'www')),
    timeLimit: orNothing(fc.constantFrom(60, 300)),
    allComputers: orNothing(fc.boolean()),
    tags: orNothing(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })),
    trigger: orNothing(triggerEdits[kind]!),
  });

type Step = { after: number } & (
  | { do: 'edit'; edit: ScriptProfileEdit }
  | { do: 'archive' | 'run' | 'pause' | 'respace' }
);

const steps = (kind: string): fc.Arbitrary<Step> => {
  const after = fc.oneof(fc.nat(600), fc.nat(3 * DAY));
  return fc.oneof(
    { weight: 12, arbitrary: fc.record({ after, do: fc.constant('edit' as const), edit: edits(kind) }) },
    { weight: 6, arbitrary: fc.record({ after, do: fc.constantFrom('run' as const, 'respace' as const) }) },
    { weight: 1, arbitrary: fc.record({ after, do: fc.constantFrom('archive' as const, 'pause' as const) }) },
  );
};

const lives = fc.constantFrom('event', 'one_time', 'recurring').chain((kind) =>
  fc.record({
    trigger: drafts[kind]!,
    minInterval: fc.constantFrom(0, 1, 30, 2000),
    steps: fc.array(steps(kind), { minLength: 1, maxLength: 30, size: 'max' }),
  }),
);

const seen = ({ title, username, timeLimit, allComputers, tags, trigger }: ScriptProfile) =>
  JSON.stringify({ title, username, timeLimit, allComputers, tags, trigger });

/** The scheduler's action for a due profile. It is not a transition of the aggregate, but affects it. */
function run(profile: ScriptProfile, now: Instant, minInterval: number): ScriptProfile {
  const { trigger, nextRun: slot } = profile;
  if (slot === null || slot > now) return profile;
  if (trigger.kind !== 'recurring') {
    return {
      ...profile,
      trigger: { ...trigger, isFinished: true },
      nextRun: null,
      lastRun: now,
    } as ScriptProfile;
  }
  const spacedFrom = spacedFromAfterRun(slot, now);
  const schedule = { cron: parseCron(trigger.interval), startAfter: trigger.startAfter };
  return {
    ...profile,
    lastRun: now,
    spacedFrom,
    nextRun: nextRun({ ...schedule, spacedFrom, minInterval, now })!,
  };
}

function expectNextRun(
  { trigger, nextRun: next, archived, pausedAt, spacedFrom }: ScriptProfile,
  gap: number,
) {
  const isOver = trigger.kind === 'event' || (trigger.kind === 'one_time' && trigger.isFinished);
  expect(next === null).toBe(archived || pausedAt !== null || isOver);
  if (next === null) return;
  if (trigger.kind === 'one_time') expect(next).toBe(trigger.timestamp);
  if (trigger.kind !== 'recurring') return;
  expect(parseCron(trigger.interval).firstAtOrAfter(next)).toBe(next);
  expect(next >= trigger.startAfter).toBe(true);
  if (spacedFrom !== null) expect(next >= addMinutes(spacedFrom, gap)).toBe(true);
}

test('after any actions, a profile has counted its edits, kept its identity and its spacing, and stays archived', () => {
  fc.assert(
    fc.property(lives, ({ trigger, minInterval, steps }) => {
      const limits = { ...LIMITS, minInterval };
      const draft = checkDraft(aDraft({ title: 'A', trigger }));
      const made = createScriptProfile(draft, { script: aScript(), by: john, at: NOW, limits });
      let profile: ScriptProfile = { ...made, id: 7 };
      let [changes, armings, seconds] = [0, 0, START];
      expectNextRun(profile, minInterval);

      for (const step of steps) {
        seconds += step.after;
        const [before, now] = [profile, instantOf(seconds)];
        if (step.do === 'edit' && before.archived) {
          const refusal = refusalOf(() => editScriptProfile(before, step.edit, { at: now, limits }));
          expect(refusal.code).toBe('PROFILE_ARCHIVED');
        } else if (step.do === 'edit') {
          profile = editScriptProfile(before, step.edit, { at: now, limits });
          const triggerOf = (one: ScriptProfile) => JSON.stringify(one.trigger);
          // The object is the same exactly if no visible property changed.
          expect(profile === before).toBe(seen(profile) === seen(before));
          if (triggerOf(profile) === triggerOf(before)) expect(profile.nextRun).toBe(before.nextRun);
          else {
            armings += 1;
            if (trigger.kind === 'recurring') expect((profile.nextRun ?? now) >= now).toBe(true);
          }
          if (profile !== before) changes += 1;
        } else if (step.do === 'archive') {
          profile = archiveScriptProfile(before, now);
          expect(profile === before).toBe(before.archived);
          if (!before.archived) changes += 1;
        } else if (step.do === 'respace') {
          profile = respace(before, { at: now, limits });
          // The limits are unchanged, so the next run does not move.
          expect(profile).toEqual(before);
        } else if (step.do === 'run') {
          profile = run(before, now, minInterval);
        } else if (!before.archived) {
          profile = { ...before, pausedAt: now, nextRun: null };
        }

        expect([profile.version, profile.arming]).toEqual([1 + changes, 1 + armings]);
        const { lastEditedAt } = before;
        // If the clock was set back, the time of the last edit does not go back.
        expect(profile.lastEditedAt).toBe(
          profile.version === before.version ? lastEditedAt : latest(lastEditedAt, now),
        );
        expect(profile.archived || !before.archived).toBe(true);
        expect(profile.tags).toEqual([...new Set(profile.tags)]);
        expect(profile.title).toBe(profile.title.trim());
        const { scriptId, accessGroup, createdBy, createdAt, overlap } = made;
        expect(profile).toMatchObject({ id: 7, scriptId, accessGroup, createdBy, createdAt, overlap });
        expect(profile.trigger.kind).toBe(trigger.kind);
        expectNextRun(profile, minInterval);
      }
    }),
    { numRuns: thorough(300) },
  );
});
