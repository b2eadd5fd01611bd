import { Refusal } from '../errors.ts';
import { toRfc3339 } from '../time.ts';
import { type EditableField, editableFields, type ScriptProfile } from './script-profile.ts';

/** A field in which the profile is not what a caller wants it to be. Times as the graph writes them. */
export interface Difference {
  /** The path of the field in an edit: `title`, `trigger.recurring.interval`. */
  readonly field: string;
  readonly current: unknown;
  readonly yours: unknown;
}

/** The caller read another version. It carries the thing as it is now, so that the caller need not ask again. */
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

/** The optimistic lock of everything but script profiles. @throws StaleVersion; no version is expected where it is null */
export function checkExpected(
  what: string,
  current: { readonly version: number },
  expected: number | null | undefined,
): void {
  if (expected != null && expected !== current.version) throw new StaleVersion(what, current, expected);
}

/** Somebody else was faster. It carries what is there now, so that nobody has to ask again to decide. */
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
 * The optimistic lock. Asked before any rule of the profile's state: whoever expects another version
 * knows nothing of that state.
 * @param expected null: whatever is there
 * @param wanted the profile that the caller would make of the current one
 * @throws VersionClash; the refusal of `wanted`, where the caller's own input is wrong
 */
export function checkVersion(
  current: ScriptProfile,
  expected: number | null | undefined,
  wanted: (current: ScriptProfile) => ScriptProfile,
): void {
  if (expected == null || expected === current.version) return;
  // Archived meanwhile is a clash as well, and no reason to refuse to compare.
  const yours = wanted({ ...current, archived: false });
  throw new VersionClash(current, expected, differences(current, yours));
}

/** Where two states of a profile differ, as far as people set it. */
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
