import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import type { Limits } from '../../src/domain/accounts/limits.ts';
import type { Person } from '../../src/domain/accounts/person.ts';
import { Refusal } from '../../src/domain/errors.ts';
import {
  newProfileState,
  profileDefaults,
  type ScriptProfile,
  type ScriptProfileDraft,
} from '../../src/domain/script-profiles/script-profile.ts';
import type { OneTimeTrigger, RecurringTrigger } from '../../src/domain/script-profiles/trigger.ts';
import type { Script } from '../../src/domain/scripts/script.ts';
import { type Instant, parseInstant } from '../../src/domain/time.ts';

/** Parses a time as the APIs do. A short form such as `2025-04-10T12:00` is accepted. */
export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`${text} is no time.`);
  return instant;
}

/** The builders create objects at this time. Edits come later. */
export const NOW = at('2025-04-10T12:00:30.25');
export const LATER = at('2025-04-11T09:15:20.5');

export const LIMITS: Limits = { maxNumComputers: 20, maxNumProfiles: 10, minInterval: 30 };

export const john: Person = { id: 1, name: 'John Smith', email: 'john@example.com' };
export const jane: Person = { id: 2, name: 'Jane Doe', email: 'jane@example.com' };

export const anAccessGroup = (overrides: Partial<AccessGroup> = {}): AccessGroup => ({
  id: 2,
  name: 'server',
  title: 'Server',
  parentId: 1,
  ...overrides,
});

export const aScript = (overrides: Partial<Script> = {}): Script => ({
  id: 31,
  title: 'Clean up',
  status: 'ACTIVE',
  accessGroup: anAccessGroup(),
  versionNumber: 1,
  version: 1,
  interpreter: '/bin/sh',
  code: 'rm -rf /tmp/cache\n',
  timeLimit: 300,
  username: '',
  createdBy: john,
  createdAt: NOW,
  lastEditedBy: john,
  lastEditedAt: NOW,
  ...overrides,
});

/** Cost of a password hash that is checked within a millisecond. */
export const CHEAP = { logN: 8, r: 8, p: 1 };

export const onEnrolment = { kind: 'event', eventType: 'post_enrollment' } as const;

export const once = (timestamp: string, isFinished = false): OneTimeTrigger => ({
  kind: 'one_time',
  timestamp: at(timestamp),
  isFinished,
});

export const every = (interval: string, startAfter = '2025-01-01T00:00'): RecurringTrigger => ({
  kind: 'recurring',
  interval,
  startAfter: at(startAfter),
});

export const aDraft = (overrides: Partial<ScriptProfileDraft> = {}): ScriptProfileDraft => ({
  title: 'Nightly clean-up',
  scriptId: 31,
  username: 'root',
  timeLimit: 300,
  trigger: every('0 6 * * *'),
  tags: ['server', 'web'],
  ...overrides,
});

/** A profile as it was created. Defaults to a recurring one, daily at six. */
export const aProfile = (overrides: Partial<ScriptProfile> = {}): ScriptProfile => ({
  id: 7,
  title: 'Nightly clean-up',
  scriptId: 31,
  accessGroup: anAccessGroup(),
  createdBy: john,
  createdAt: NOW,
  lastEditedAt: NOW,
  trigger: every('0 6 * * *'),
  ...profileDefaults,
  tags: ['server', 'web'],
  timeLimit: 300,
  username: 'root',
  ...newProfileState,
  nextRun: at('2025-04-11T06:00'),
  ...overrides,
});

/** Returns the refusal that an action throws. Throws an error if there is none. */
export function refusalOf(action: () => unknown): Refusal {
  try {
    action();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}
