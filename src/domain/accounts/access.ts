import { Refusal } from '../errors.ts';
import type { Entity } from '../event.ts';
import type { Instant } from '../time.ts';
import type { Person } from './person.ts';

/** The properties of a presented token that decide whether it is revoked. */
export interface ShownToken {
  /** Identifies the token, however its text is encoded. */
  readonly id: string;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** The access key that the token was issued for. Revoking the key revokes the token. */
  readonly accessKey?: string;
  /** A hash of the token that is never stored. Secrets derived from it can be computed again only with the token. */
  readonly recoveryHash?: string;
}

/** The person who sends a request, in one account. Nothing outside the account is visible to them. */
export interface Caller {
  readonly accountId: number;
  readonly accountName: string;
  readonly personId: number;
  readonly email: string;
  readonly name: string;
  /** Names of the caller's roles. */
  readonly roles: readonly string[];
  /** The combined permissions of the caller's roles. */
  readonly grants: Grants;
  /** Undefined for calls that no request caused. */
  readonly origin?: Origin;
}

/** The source of a request. */
export interface Origin {
  /** IP address. */
  readonly address: string;
  readonly requestId: string;
  /** Whether the request was encrypted or came from the server's own machine. Absent if unknown. */
  readonly isPrivate?: boolean;
}

/** A caller without roles and permissions. */
export type Identity = Pick<Caller, 'accountId' | 'accountName' | 'personId' | 'email' | 'name' | 'origin'>;

/** The person or computer that a request's credentials identify. */
export type Principal =
  /** A person. The token is undefined if the request presented none. */
  | { readonly kind: 'person'; readonly caller: Caller; readonly token?: ShownToken }
  /** A computer that presents its enrolment token. It may access only its own executions. */
  | {
      readonly kind: 'computer';
      readonly accountId: number;
      readonly computerId: number;
      readonly origin?: Origin;
    }
  /** A client that presents the account's registration key. It may only enrol computers. */
  | { readonly kind: 'registrar'; readonly accountId: number; readonly origin?: Origin }
  /** An anonymous request. It may only log in and read public information. */
  | { readonly kind: 'anonymous'; readonly origin?: Origin };

export const withOrigin = (principal: Principal, origin: Origin): Principal =>
  principal.kind === 'person'
    ? { ...principal, caller: { ...principal.caller, origin } }
    : { ...principal, origin };

/**
 * @throws Refusal FORBIDDEN for a computer or a registration key, UNAUTHENTICATED for an anonymous request
 */
export function personOf(principal: Principal): Caller {
  if (principal.kind === 'person') return principal.caller;
  if (principal.kind === 'anonymous')
    throw new Refusal('UNAUTHENTICATED', 'This request requires a token. Log in first.');
  throw new Refusal(
    'FORBIDDEN',
    `${PRINCIPAL_LABELS[principal.kind]} is not accepted here. This request requires a person’s token.`,
  );
}

const PRINCIPAL_LABELS = { computer: 'A computer’s token', registrar: 'A registration key' } as const;

/** Permissions that are granted on access groups and inherited by their descendants. */
export const groupPermissions = [
  'ViewScript',
  'ManageScript',
  'RedactScript',
  'ViewScriptProfile',
  'ManageScriptProfile',
  'ViewComputer',
  'ManageComputer',
  'ManagePendingComputer',
] as const;
export type GroupPermission = (typeof groupPermissions)[number];

/** Permissions that are granted on the whole account. */
export const accountPermissions = ['ManageAccount', 'ViewRole', 'ManageRole', 'ViewEventLog'] as const;
export type AccountPermission = (typeof accountPermissions)[number];

export type Permission = GroupPermission | AccountPermission;
export const permissions: readonly Permission[] = [...groupPermissions, ...accountPermissions];

/** All access groups of the account, or the ids of some groups and their descendants. */
export type Groups = 'all' | readonly number[];

/** The groups in which each permission is held. A permission that is missing is held in none. */
export type Grants = { readonly [Held in Permission]?: Groups };

/**
 * Checks that the caller holds a permission in an access group, or in any group if none is given. Use cases
 * call this function after they have checked that the caller can see the object.
 * @param about the object of the operation, for the event log
 * @throws Forbidden which names the permission
 */
export function authorise(
  caller: Caller,
  permission: Permission,
  accessGroupId?: number,
  about?: Entity,
): void {
  if (!holds(caller, permission, accessGroupId)) throw new Forbidden(permission, about);
}

export function holds({ grants }: Caller, permission: Permission, accessGroupId?: number): boolean {
  const groups = grants[permission] ?? [];
  return accessGroupId === undefined ? groups.length > 0 : includesGroup(groups, accessGroupId);
}

export const includesGroup = (groups: Groups, accessGroupId: number): boolean =>
  groups === 'all' || groups.includes(accessGroupId);

/** The caller lacks a permission. */
export class Forbidden extends Refusal {
  constructor(
    readonly permission: Permission,
    readonly about?: Entity,
  ) {
    super('FORBIDDEN', `This request requires the permission ${permission}, which you do not have here.`, {
      allowed: `callers with the permission ${permission}`,
    });
  }
}

/**
 * The rows that a reader can see: those in the given access groups of an account. Every method that lists,
 * counts or finds such rows takes a scope, so code that forgets the scope does not compile.
 */
export interface Scope {
  readonly accountId: number;
  readonly groups: Groups;
  /** The access groups that a filter may name, because they are visible to the caller. */
  readonly known: Groups;
}

/** A scope for lists that are filtered by other kinds of objects, such as activities by computer. */
export interface SearchScope extends Scope {
  /** Groups whose computers are visible. */
  readonly computers: Groups;
  /** Groups whose script profiles are visible. */
  readonly scriptProfiles: Groups;
}

/** The scope of the rows that the caller can see with this permission. */
export const scopeOf = (caller: Caller, permission: GroupPermission): SearchScope => ({
  accountId: caller.accountId,
  groups: caller.grants[permission] ?? [],
  known: knownGroups(caller),
  computers: caller.grants.ViewComputer ?? [],
  scriptProfiles: caller.grants.ViewScriptProfile ?? [],
});

/**
 * The scope for a top-level list. Rejects callers who hold the permission in no group.
 * @throws Refusal FORBIDDEN
 */
export function listScope(caller: Caller, permission: GroupPermission): SearchScope {
  authorise(caller, permission);
  return scopeOf(caller, permission);
}

/** The scope for facts of the whole account, which do not depend on the caller, and for the scheduler. */
export const wholeAccount = (accountId: number): SearchScope => ({
  accountId,
  groups: 'all',
  known: 'all',
  computers: 'all',
  scriptProfiles: 'all',
});

/**
 * The groups that are visible to the caller: those in which they hold a permission. A permission on the
 * account makes the whole tree visible.
 */
export const knownGroups = ({ grants }: Caller): Groups => union(Object.values(grants));

/** The part of the access group tree that is visible to the caller. */
export function treeScope(caller: Caller): Scope {
  const known = knownGroups(caller);
  return { accountId: caller.accountId, groups: known, known };
}

export const union = (several: readonly Groups[]): Groups =>
  several.includes('all') ? 'all' : [...new Set((several as readonly (readonly number[])[]).flat())];

/** The caller as the creator of an object. */
export const asPerson = ({ personId, name, email }: Caller): Person => ({ id: personId, name, email });

/**
 * Whether each field of a caller affects which rows are visible. A field that restricts visibility must be
 * true. Otherwise callers who see different rows would share a subscription.
 */
const decidesView = {
  accountId: true,
  accountName: false,
  personId: false,
  email: false,
  name: false,
  roles: false,
  grants: true,
  origin: false,
} as const satisfies Record<keyof Caller, boolean>;

/** Callers with equal views see the same rows, so they can share the results of one read. */
export const viewOf = (caller: Caller): string =>
  JSON.stringify(Object.entries(caller).filter(([field]) => decidesView[field as keyof Caller]));
