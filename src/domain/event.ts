import type { Instant } from './time.ts';

/** What is kept for good: who did what, when, and from where. Runs of the clock are in the ledger, not here. */
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

/** Of a search that ends now: ten years. */
export const MAX_EVENT_DAYS = 3650;

/** The types of what deeds are done to, as far as each is known by a number. */
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

/** What it was done to, with the title that it had. */
export interface Entity {
  readonly type: string;
  readonly id: number | null;
  readonly title: string;
  /** Of a computer: the group that it was in. Announced with the event, and not kept. */
  readonly accessGroupId?: number;
}

/** From what to what, by field; values as they are in JSON. */
export type Changes = Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;

/** Something that was done, or refused. */
export interface Deed {
  readonly action: EventAction;
  readonly entity?: Entity;
  readonly changes?: Changes;
}

export interface LoggedEvent {
  readonly id: number;
  readonly action: EventAction;
  readonly createdAt: Instant;
  /** As they were then; null for a computer, and for whoever came with a registration key. */
  readonly person: { readonly id: number; readonly name: string; readonly email: string } | null;
  readonly computerId: number | null;
  readonly address: string | null;
  readonly requestId: string | null;
  readonly entity: Entity | null;
  readonly changes: Changes;
}

/** An event without its changes, which are fetched by themselves because they may be long. */
export interface EventHead extends Omit<LoggedEvent, 'changes'> {
  /** Bytes of their JSON. */
  readonly changesLength: number;
}

/** The fields, of those named, in which two states of a thing differ; without a first one, all that there is. */
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
