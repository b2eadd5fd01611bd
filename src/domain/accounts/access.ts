import { Refusal } from '../errors.ts';
import type { Entity } from '../event.ts';
import type { Instant } from '../time.ts';
import type { Person } from './person.ts';

/** The properties of a presented token that decide whether it is revoked. */
export interface ShownToken {
  /** The same for the same token, however it is spelled. */
  readonly id: string;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** The access key that it was got with; revoked, it takes its tokens along. */
  readonly accessKey?: string;
  /** A hash of the token that is stored nowhere: what only the holder of the token is to read is sealed with it. */
  readonly recall?: string;
}

/** Who is asking, and in which account: nothing outside it exists for them. */
export interface Caller {
  readonly accountId: number;
  readonly accountName: string;
  readonly personId: number;
  readonly email: string;
  readonly name: string;
  /** The names of their roles. */
  readonly roles: readonly string[];
  /** What their roles add up to. */
  readonly grants: Grants;
  /** Where they ask from; left out where it is no request. */
  readonly origin?: Origin;
}

/** Where a request comes from. */
export interface Origin {
  /** The IP address. */
  readonly address: string;
  readonly requestId: string;
  /** Whether it came encrypted, or from the machine of the server itself; left out where that is not known. */
  readonly isPrivate?: boolean;
}

/** Who somebody is, without what they may do. */
export type Identity = Pick<Caller, 'accountId' | 'accountName' | 'personId' | 'email' | 'name' | 'origin'>;

/** Whoever a request's credentials speak of. */
export type Principal =
  /** Somebody with a token; it is left out where they showed none. */
  | { readonly kind: 'person'; readonly caller: Caller; readonly token?: ShownToken }
  /** A computer with the token that it got when it enrolled: its own executions, and nothing else. */
  | {
      readonly kind: 'computer';
      readonly accountId: number;
      readonly computerId: number;
      readonly origin?: Origin;
    }
  /** Whoever knows the account's registration key: may enrol a computer, and nothing else. */
  | { readonly kind: 'registrar'; readonly accountId: number; readonly origin?: Origin }
  /** Nobody yet: may log in, and know what anybody may know; nothing else. */
  | { readonly kind: 'anonymous'; readonly origin?: Origin };

export const askingFrom = (principal: Principal, origin: Origin): Principal =>
  principal.kind === 'person'
    ? { ...principal, caller: { ...principal.caller, origin } }
    : { ...principal, origin };

/** @throws Refusal FORBIDDEN for a computer or a registration key, UNAUTHENTICATED for nobody */
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

/** Granted on access groups, and inherited downward. */
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

/** Granted on the whole account. */
export const accountPermissions = ['ManageAccount', 'ViewRole', 'ManageRole', 'ViewEventLog'] as const;
export type AccountPermission = (typeof accountPermissions)[number];

export type Permission = GroupPermission | AccountPermission;
export const permissions: readonly Permission[] = [...groupPermissions, ...accountPermissions];

/** Some of the account's access groups by their ids, those below them included; or all. */
export type Groups = 'all' | readonly number[];

/** Where each permission is held; one that is missing is held nowhere. */
export type Grants = { readonly [Held in Permission]?: Groups };

/**
 * May this caller do this, in this access group, or anywhere when none is named? Every use case asks, once it
 * knows that what it is about exists for the caller.
 * @param about what it would be done to, for the event log
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

/** Somebody lacks a permission. */
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
 * What exists in an account for whoever reads: the rows in these access groups. Whatever lists, counts or finds
 * rows that are in access groups takes a scope, so that nothing can be read without one.
 */
export interface Scope {
  readonly accountId: number;
  readonly groups: Groups;
  /** The access groups that exist for the caller themselves: what a filter may name. */
  readonly known: Groups;
}

/** For lists whose filters may name what is not listed: a computer’s activities, a script profile’s computers. */
export interface SearchScope extends Scope {
  /** Where computers are seen. */
  readonly computers: Groups;
  /** Where script profiles are seen. */
  readonly scriptProfiles: Groups;
}

/** What the caller sees with this permission. */
export const scopeOf = (caller: Caller, permission: GroupPermission): SearchScope => ({
  accountId: caller.accountId,
  groups: caller.grants[permission] ?? [],
  known: knownGroups(caller),
  computers: caller.grants.ViewComputer ?? [],
  scriptProfiles: caller.grants.ViewScriptProfile ?? [],
});

/** For a list that is asked for by itself: whoever sees nothing of the kind is told so. @throws Refusal FORBIDDEN */
export function listScope(caller: Caller, permission: GroupPermission): SearchScope {
  authorise(caller, permission);
  return scopeOf(caller, permission);
}

/** For what is a fact of the account, whoever asks; and for the clock. */
export const wholeAccount = (accountId: number): SearchScope => ({
  accountId,
  groups: 'all',
  known: 'all',
  computers: 'all',
  scriptProfiles: 'all',
});

/** An access group exists for whoever holds some permission in it; whoever holds one of the account's sees the tree. */
export const knownGroups = ({ grants }: Caller): Groups => union(Object.values(grants));

/** The tree of access groups, as far as it exists for the caller. */
export function treeScope(caller: Caller): Scope {
  const known = knownGroups(caller);
  return { accountId: caller.accountId, groups: known, known };
}

export const union = (several: readonly Groups[]): Groups =>
  several.includes('all') ? 'all' : [...new Set((several as readonly (readonly number[])[]).flat())];

/** As they are shown beside what they made. */
export const asPerson = ({ personId, name, email }: Caller): Person => ({ id: personId, name, email });

/** Whether a field of a caller decides what is seen. Whatever narrows the view must: strangers would share theirs. */
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

/** Callers with the same view see the same: what was looked up for one of them may be shown to all. */
export const viewOf = (caller: Caller): string =>
  JSON.stringify(Object.entries(caller).filter(([field]) => decidesView[field as keyof Caller]));
