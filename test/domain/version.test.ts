import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pauseScriptProfile } from '../../src/domain/script-profiles/pausing.ts';
import {
  archiveScriptProfile,
  editScriptProfile,
  type ScriptProfile,
  type ScriptProfileEdit,
} from '../../src/domain/script-profiles/script-profile.ts';
import type { TriggerEdit } from '../../src/domain/script-profiles/trigger.ts';
import { checkVersion, differences, VersionClash } from '../../src/domain/script-profiles/version.ts';
import { aProfile, at, every, LATER, LIMITS, once, onEnrolment, refusalOf } from '../support/builders.ts';

const current = aProfile({ version: 5 });
const edit = (changes: ScriptProfileEdit) => (profile: ScriptProfile) =>
  editScriptProfile(profile, changes, { at: LATER, limits: LIMITS });
const clash = (profile: ScriptProfile, wanted: (profile: ScriptProfile) => ScriptProfile) =>
  refusalOf(() => checkVersion(profile, 3, wanted)) as VersionClash;

describe('an edit with an expected version', () => {
  test.each([undefined, null, 5])('is accepted if it expects %s of version 5', (expected) => {
    expect(() => checkVersion(current, expected, edit({ title: 'Other' }))).not.toThrow();
  });

  test('is refused at any other version, with the stored profile and the fields that it would change', () => {
    const refused = clash(current, edit({ title: 'Other', username: 'root', tags: ['web'] }));
    expect(refused).toBeInstanceOf(VersionClash);
    expect(refused).toMatchObject({
      code: 'VERSION_CLASH',
      detail: { field: 'expectedVersion', found: '3', allowed: '5' },
    });
    expect(refused.current).toBe(current);
    expect(refused.changedFields).toEqual([
      { field: 'title', current: 'Nightly clean-up', yours: 'Other' },
      { field: 'tags', current: ['server', 'web'], yours: ['web'] },
    ]);
  });

  test('finds no differences if an earlier edit, perhaps its own first attempt, has stored the same values', () => {
    expect(clash(current, edit({ title: ' Nightly clean-up ' })).changedFields).toEqual([]);
  });

  test('reports that the profile was archived in the meantime', () => {
    const archived = archiveScriptProfile(current, LATER);
    expect(clash(archived, edit({ timeLimit: 5 })).changedFields).toEqual([
      { field: 'timeLimit', current: 300, yours: 5 },
      { field: 'archived', current: true, yours: false },
    ]);
  });

  test('is refused for its own faults first, because no version would make them valid', () => {
    expect(refusalOf(() => checkVersion(current, 3, edit({ title: '' }))).code).toBe('INVALID_INPUT');
  });
});

test.each<[string, ScriptProfile, ScriptProfileEdit, object[]]>([
  [
    'a cron expression',
    current,
    { trigger: { kind: 'recurring', interval: '0 7 * * *' } },
    [{ field: 'trigger.recurring.interval', current: '0 6 * * *', yours: '0 7 * * *' }],
  ],
  [
    'a start',
    current,
    { trigger: { kind: 'recurring', startAfter: at('2026-01-01T00:00') } },
    [
      {
        field: 'trigger.recurring.startAfter',
        current: '2025-01-01T00:00:00Z',
        yours: '2026-01-01T00:00:00Z',
      },
    ],
  ],
  [
    'a time',
    aProfile({ trigger: once('2025-05-01T08:00') }),
    { trigger: once('2025-05-02T08:00') },
    [{ field: 'trigger.oneTime.timestamp', current: '2025-05-01T08:00:00Z', yours: '2025-05-02T08:00:00Z' }],
  ],
  ['an event', aProfile({ trigger: onEnrolment }), { trigger: onEnrolment }, []],
])('a difference in %s has the path of the input', (_, profile, changes, expected) => {
  expect(clash({ ...profile, version: 5 }, edit(changes)).changedFields).toEqual(expected);
});

test('pausing and archiving differ in what they set', () => {
  expect(differences(current, pauseScriptProfile(current, 'Holidays', LATER))).toEqual([
    { field: 'paused', current: false, yours: true },
    { field: 'pauseNote', current: null, yours: 'Holidays' },
  ]);
  const archived = archiveScriptProfile(current, LATER);
  expect(differences(current, archived)).toEqual([{ field: 'archived', current: false, yours: true }]);
  expect(clash(archived, (profile) => archiveScriptProfile(profile, LATER)).changedFields).toEqual([]);
});

test('differences are empty exactly if the edit changes nothing', () => {
  const some = <Value>(...values: Value[]) => fc.option(fc.constantFrom(...values));
  const edits = fc.record({
    title: some('Nightly clean-up', ' Nightly clean-up', 'Other'),
    username: some('root', 'www'),
    timeLimit: some(300, 301),
    allComputers: some(false, true),
    tags: some(['server', 'web'], ['web', 'server'], ['server', 'web', 'server'], []),
    overlap: some('ALLOW' as const, 'SKIP' as const),
    deliverWithin: some(0, 60),
    trigger: some<TriggerEdit>({ kind: 'recurring', interval: '0 6 * * *' }, every('0 7 * * *')),
  });
  fc.assert(
    fc.property(edits, (changes) => {
      const edited = edit(changes)(current);
      expect(differences(current, edited).length === 0).toBe(edited === current);
    }),
  );
});
