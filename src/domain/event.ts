import type { Instant } from './time.ts';

/** Actions that the event log records. Scheduled runs are recorded in the slot ledger instead. */
export const eventActions = [
  'ACCOUNT_CREATED',
  'LOGGED_IN',
  'LOG_IN_REFUSED',
  'LOGGED_OUT',
  'TOKEN_MADE',
  'TOKEN_REVOKED',
  'PERMISSION_REFUSED',
  'PERSON_CREATED',
  'PERSON_EDITED',
  'PERSON_REMOVED',
  'PASSWORD_LINK_MADE',
  'PASSWORD_SET',
  'PASSWORD_CHANGED',
  'PASSWORD_REFUSED',
  'ROLE_CREATED',
  'ROLE_EDITED',
  'ROLE_DELETED',
  'LIMITS_EDITED',
  'PREFERENCES_EDITED',
  'ACCESS_GROUP_CREATED',
  'ACCESS_GROUP_EDITED',
  'ACCESS_GROUP_DELETED',
  'SAVED_SEARCH_CREATED',
  'SAVED_SEARCH_EDITED',
  'SAVED_SEARCH_DELETED',
  'SCRIPT_CREATED',
  'SCRIPT_EDITED',
  'SCRIPT_ARCHIVED',
  'SCRIPT_REDACTED',
  'SCRIPT_RUN',
  'SCRIPT_PROFILE_CREATED',
  'SCRIPT_PROFILE_EDITED',
  'SCRIPT_PROFILE_PAUSED',
  'SCRIPT_PROFILE_RESUMED',
  'SCRIPT_PROFILE_RUN',
  'SCRIPT_PROFILE_ARCHIVED',
  'ACTIVITY_APPROVED',
  'ACTIVITY_CANCELED',
  'COMPUTER_ENROLLED',
  'COMPUTER_ACCEPTED',
  'COMPUTER_EDITED',
  'COMPUTER_REJECTED',
  'COMPUTER_REMOVED',
  'COMPUTER_REPLACED',
] as const;
export type EventAction = (typeof eventActions)[number];

/** Ten years. Maximum number of days before now that a search of the event log covers. */
export const MAX_EVENT_DAYS = 3650;

/** Types of objects in the event log that have a number. */
export const numberedTypes = [
  'AccessGroup',
  'Activity',
  'Computer',
  'Person',
  'Role',
  'Script',
  'ScriptProfile',
] as const;
export type NumberedType = (typeof numberedTypes)[number];

/** The object of an event, with its title at that time. */
export interface Entity {
  readonly type: string;
  readonly id: number | null;
  readonly title: string;
  /** For a computer: its access group. Published with the event, but not stored. */
  readonly accessGroupId?: number;
}

/** Old and new JSON value by field. */
export type Changes = Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;

/** An action that was performed or refused. */
export interface Deed {
  readonly action: EventAction;
  readonly entity?: Entity;
  readonly changes?: Changes;
}

export interface LoggedEvent {
  readonly id: number;
  readonly action: EventAction;
  readonly createdAt: Instant;
  /** The person as of that time. Null for a computer, and for a client that used a registration key. */
  readonly person: { readonly id: number; readonly name: string; readonly email: string } | null;
  readonly computerId: number | null;
  readonly address: string | null;
  readonly requestId: string | null;
  readonly entity: Entity | null;
  readonly changes: Changes;
}

/** An event without its changes, which may be long and are fetched separately. */
export interface EventHead extends Omit<LoggedEvent, 'changes'> {
  /** Length of the changes' JSON in bytes. */
  readonly changesLength: number;
}

/** The given fields that differ between two states. All of them are new if `before` is null. */
export function changesBetween<Thing extends object>(
  before: Thing | null,
  after: Thing,
  fields: readonly (keyof Thing & string)[],
): Changes {
  const changes = fields.map(
    (field) => [field, { from: before?.[field] ?? null, to: after[field] ?? null }] as const,
  );
  return Object.fromEntries(
    changes.filter(([, { from, to }]) => JSON.stringify(from) !== JSON.stringify(to)),
  );
}
