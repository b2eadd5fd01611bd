import { Refusal } from '../errors.ts';
import { toRfc3339 } from '../time.ts';
import { type EditableField, editableFields, type ScriptProfile } from './script-profile.ts';

/**
 * A field that differs between the stored profile and the one that the caller wants. Times are formatted as
 * in GraphQL.
 */
export interface Difference {
  /** The path of the field in an edit: `title`, `trigger.recurring.interval`. */
  readonly field: string;
  readonly current: unknown;
  readonly yours: unknown;
}

/**
 * The caller has read an older version. The error contains the current object, so the caller need not read it
 * again.
 */
export class StaleVersion extends Refusal {
  constructor(
    what: string,
    readonly current: { readonly version: number },
    expectedVersion: number,
  ) {
    super(
      'VERSION_CLASH',
      `The ${what} changed after the caller read version ${expectedVersion}. The current version is ${current.version}.`,
      { field: 'expectedVersion', found: String(expectedVersion), allowed: String(current.version) },
    );
  }
}

/**
 * The optimistic lock of all objects except script profiles.
 * @param expected null disables the check
 * @throws StaleVersion
 */
export function checkExpected(
  what: string,
  current: { readonly version: number },
  expected: number | null | undefined,
): void {
  if (expected != null && expected !== current.version) throw new StaleVersion(what, current, expected);
}

/**
 * The profile was changed after the caller read it. The error contains the current profile, so the caller can
 * decide without another read.
 */
export class VersionClash extends Refusal {
  constructor(
    readonly current: ScriptProfile,
    readonly expectedVersion: number,
    readonly changedFields: readonly Difference[],
  ) {
    super(
      'VERSION_CLASH',
      `The script profile changed after the caller read version ${expectedVersion}. The current version is ${current.version}.`,
      { field: 'expectedVersion', found: String(expectedVersion), allowed: String(current.version) },
    );
  }
}

/**
 * The optimistic lock of script profiles. It is checked before any rule about the profile's state, because
 * the caller does not know that state.
 * @param expected null disables the check
 * @param wanted applies the caller's change to a profile
 * @throws VersionClash, or the refusal of `wanted` if the caller's input is invalid
 */
export function checkVersion(
  current: ScriptProfile,
  expected: number | null | undefined,
  wanted: (current: ScriptProfile) => ScriptProfile,
): void {
  if (expected == null || expected === current.version) return;
  // An archived profile also clashes. It must not prevent the comparison.
  const yours = wanted({ ...current, archived: false });
  throw new VersionClash(current, expected, differences(current, yours));
}

/** The editable fields that differ between two states of a profile. */
export function differences(current: ScriptProfile, yours: ScriptProfile): Difference[] {
  const before = valuesOf(current);
  const after = valuesOf(yours);
  return Object.keys(before)
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, current: before[field], yours: after[field] }));
}

const valuesOf = (profile: ScriptProfile): Readonly<Record<string, unknown>> =>
  Object.fromEntries<unknown>([
    ...editableFields.flatMap((field) => valuesIn(profile, field)),
    ['archived', profile.archived],
    ['paused', profile.pausedAt !== null],
    ['pauseNote', profile.pauseNote],
  ]);

type PathValue = readonly [path: string, value: unknown];

/** A trigger has a path for each of its fields. An event trigger has no editable field. */
function valuesIn(profile: ScriptProfile, field: EditableField): readonly PathValue[] {
  if (field !== 'trigger') return [[field, profile[field]]];
  const { trigger } = profile;
  switch (trigger.kind) {
    case 'event':
      return [];
    case 'one_time':
      return [['trigger.oneTime.timestamp', toRfc3339(trigger.timestamp)]];
    case 'recurring':
      return [
        ['trigger.recurring.interval', trigger.interval],
        ['trigger.recurring.startAfter', toRfc3339(trigger.startAfter)],
      ];
  }
}
