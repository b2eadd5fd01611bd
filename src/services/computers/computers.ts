import {
  authorise,
  type Caller,
  type GroupPermission,
  listScope,
  type Principal,
  personOf,
  type Scope,
  scopeOf,
  treeScope,
  wholeAccount,
} from '../../domain/accounts/access.ts';
import { type AccessGroup, ROOT_ACCESS_GROUP } from '../../domain/accounts/access-group.ts';
import { distributionOf, onlineSince } from '../../domain/computers/agent.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import { checkTagChange, type TagChange, tagList, tagsAfter } from '../../domain/computers/tag.ts';
import { notFound, Refusal } from '../../domain/errors.ts';
import { associationTarget, type ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { asksForOffline, computerQuery, offlineSince } from '../../domain/search/search-terms.ts';
import { readingOf } from '../../domain/search/search-tokens.ts';
import type { Instant } from '../../domain/time.ts';
import { type GroupRef, groupOf } from '../accounts/access-groups.ts';
import { failExecutionsOf } from '../activities/executions.ts';
import { record } from '../event-log.ts';
import { idempotently, ofPerson, ofRegistrar } from '../idempotency.ts';
import type { Listing } from '../listing.ts';
import type { Repositories, Store } from '../ports.ts';
import { hashOf } from '../secrets.ts';
import { type ComputerChoice, chosenIds } from './computer-choice.ts';
import { asEntity, deedsTo, editsOf } from './computer-events.ts';
import type { ComputerFilter, ComputerOrderField } from './computer-ports.ts';
import { accountOfComputerToken, computerToken } from './computer-token.ts';
import { type ComputerDraft, join, newComputer } from './joining.ts';
import { forgetComputers, replaceComputers } from './leaving.ts';

/** A filter of computers whose search query is not parsed yet. */
export type ComputerSearch = Omit<ComputerFilter, 'query' | 'online'> & {
  readonly query?: string | null;
  /** Whether the client was seen recently. */
  readonly isOnline?: boolean | null;
};

/** @throws Refusal INVALID_INPUT */
const filterOf = ({ query, isOnline, ...filter }: ComputerSearch, now?: Instant): ComputerFilter => {
  const asked = query == null ? null : computerQuery(query, readingOf('filter.query'));
  return {
    ...filter,
    query: asked && now ? offlineSince(asked, onlineSince(now)) : asked,
    online: isOnline == null || !now ? null : { is: isOnline, since: onlineSince(now) },
  };
};

export function computerService(store: Store) {
  const { read } = store;
  /**
   * Runs a search. Only a search for online or offline computers needs a transaction, because it depends on
   * the current time.
   */
  const search = <Found>(
    asked: ComputerSearch,
    find: (repositories: Repositories, filter: ComputerFilter) => Promise<Found>,
  ): Promise<Found> => {
    const filter = filterOf(asked);
    return asked.isOnline == null && !(filter.query && asksForOffline(filter.query))
      ? find(read, filter)
      : store.transaction((tx, now) => find(tx, filterOf(asked, now)));
  };
  return {
    /** @throws Refusal FORBIDDEN, then INVALID_INPUT */
    page(caller: Caller, listing: Listing<ComputerSearch, ComputerOrderField>) {
      const scope = listScope(caller, 'ViewComputer');
      return search(listing.filter, ({ computers }, filter) => computers.page(scope, { ...listing, filter }));
    },

    /** @throws Refusal FORBIDDEN, then INVALID_INPUT */
    count(caller: Caller, asked: ComputerSearch) {
      const scope = listScope(caller, 'ViewComputer');
      return search(asked, ({ computers }, filter) => computers.count(scope, filter));
    },

    /** In the order of the ids. Undefined for a computer that the caller cannot see. */
    byIds(caller: Caller, ids: readonly number[]) {
      return read.computers.byIds(scopeOf(caller, 'ViewComputer'), ids);
    },

    tags(caller: Caller): Promise<string[]> {
      return read.computers.tags(listScope(caller, 'ViewComputer'));
    },

    tagCounts(caller: Caller) {
      return read.computers.tagCounts(listScope(caller, 'ViewComputer'));
    },

    /** A page of each profile's associated computers that the caller can see. */
    pagesAssociated(
      caller: Caller,
      profiles: readonly ScriptProfile[],
      listing: Omit<Listing<never, ComputerOrderField>, 'filter'>,
    ) {
      const scope = scopeOf(caller, 'ViewComputer');
      return read.computers.pagesReached(scope, profiles.map(associationTarget), listing);
    },

    /**
     * Enrols a computer, which is pending at first. Only this call returns its token. With the registration
     * key, the computer is accepted immediately if the account's preferences say so. A retry with the same
     * key returns the same computer and token.
     * @throws Refusal INVALID_INPUT, FORBIDDEN, IDEMPOTENCY_KEY_REUSED
     */
    enrol(
      principal: Principal,
      draft: ComputerDraft,
      key?: string | null,
    ): Promise<{ computer: Computer; token: string }> {
      return store.transaction(async (tx, now) => {
        const { accountId, ...scope } = enrollingScope(principal);
        const group = draft.accessGroup ?? ROOT_ACCESS_GROUP;
        const accessGroup = await groupOf(tx, { accountId, ...scope }, group);
        if (principal.kind === 'person') {
          authorise(principal.caller, 'ManagePendingComputer', accessGroup.id);
        }
        const holder = principal.kind === 'person' ? ofPerson(principal.caller) : ofRegistrar(accountId);
        const attempt = { ...holder, mutation: 'enrolComputer', key, input: draft };
        return idempotently(tx, now, attempt, {
          find: async (id, secret) => {
            const [computer] = await tx.computers.byIds(wholeAccount(accountId), [id]);
            if (!computer) throw notFound('computer', id, 'idempotencyKey');
            return { id, computer, token: computerToken(accountId, secret) };
          },
          make: async (secret) => {
            const token = computerToken(accountId, secret);
            const pending = { ...newComputer(draft, now), accessGroup };
            const id = await tx.computers.insert(accountId, pending, hashOf(token));
            const computer = { ...pending, id };
            if (draft.distribution)
              await tx.agents.introduce(accountId, id, distributionOf(draft.distribution));
            const by = principal.kind === 'registrar' ? principal : personOf(principal);
            record(tx, by, now, { action: 'COMPUTER_ENROLLED', entity: asEntity(computer) });
            const { autoRegisterNewComputers } = await tx.accounts.preferences(accountId);
            if (principal.kind === 'person' || !autoRegisterNewComputers) return { id, computer, token };
            const [accepted] = await join(tx, by, [computer], {}, now);
            return { id, computer: accepted!, token };
          },
        });
      });
    },

    /** The computer that the token identifies. Undefined if there is none. */
    async byToken(token: string) {
      const accountId = accountOfComputerToken(token);
      return accountId === undefined ? undefined : read.computers.byToken(accountId, hashOf(token));
    },

    /**
     * Sets the tags and the group of pending computers, then accepts them. Accepting again changes nothing.
     * @param into replaces the requested tags and group. `replace` names older computers of the same
     * machines. These are removed, and their history moves to the new computers.
     * @throws Refusal NOT_FOUND, INVALID_INPUT
     */
    accept(
      caller: Caller,
      ids: readonly number[],
      into: {
        tags?: readonly string[] | null;
        accessGroup?: GroupRef | null;
        replace?: readonly number[];
      },
    ): Promise<Computer[]> {
      return store.transaction(async (tx, now) => {
        const { replace = [] } = into;
        // All computers are locked in one statement, because the lock order is by id.
        await tx.computers.forUpdate(scopeOf(caller, 'ViewComputer'), [...ids, ...replace]);
        const computers = await lockComputers(tx, caller, ids, 'ManagePendingComputer');
        const older = await lockComputers(tx, caller, replace, 'ManageComputer', 'replace');
        const accessGroup =
          into.accessGroup == null
            ? undefined
            : await targetGroup(tx, caller, into.accessGroup, 'ManagePendingComputer');
        const tags = into.tags == null ? undefined : tagList(into.tags);
        await replaceComputers(tx, caller, older, computers, now);
        return join(tx, caller, computers, { accessGroup, tags }, now);
      });
    },

    /**
     * Deletes pending computers.
     * @returns the computers as they were before
     * @throws Refusal NOT_FOUND; INVALID_INPUT for an accepted computer
     */
    reject(caller: Caller, ids: readonly number[]): Promise<Computer[]> {
      return store.transaction(async (tx, now) => {
        const computers = await lockComputers(tx, caller, ids, 'ManagePendingComputer');
        const accepted = computers.find(({ status }) => status === 'accepted');
        if (accepted) {
          throw new Refusal(
            'INVALID_INPUT',
            `The computer ${accepted.id} is already accepted, so it cannot be rejected. Remove it instead.`,
            {
              field: 'ids',
              found: String(accepted.id),
              allowed: 'pending computers',
            },
          );
        }
        await forgetComputers(tx, caller.accountId, ids, now);
        record(tx, caller, now, ...deedsTo(computers, 'COMPUTER_REJECTED'));
        return computers;
      });
    },

    /** Removes a computer. Its unreported executions fail. Its history stays. @throws Refusal NOT_FOUND */
    remove(caller: Caller, id: number): Promise<void> {
      return store.transaction(async (tx, now) => {
        const computers = await lockComputers(tx, caller, [id], 'ManageComputer', 'id');
        // Waits for runs that are being created, so that their executions on this computer also fail.
        await tx.computers.lockForRemoval(caller.accountId);
        await failExecutionsOf(tx, caller.accountId, [id], now);
        await forgetComputers(tx, caller.accountId, [id], now);
        record(tx, caller, now, ...deedsTo(computers, 'COMPUTER_REMOVED'));
      });
    },

    /** Adds and removes tags. @throws Refusal NOT_FOUND, INVALID_INPUT */
    retag(caller: Caller, choice: ComputerChoice, change: TagChange): Promise<Computer[]> {
      return store.transaction(async (tx, now) => {
        const ids = await chosenIds(tx, caller, choice, 'ManageComputer', now);
        const computers = await lockComputers(tx, caller, ids, 'ManageComputer');
        const checked = checkTagChange(change);
        const after = computers.map((computer) => ({ ...computer, tags: tagsAfter(computer.tags, checked) }));
        await tx.computers.save(caller.accountId, after);
        record(tx, caller, now, ...editsOf(computers, after));
        return after;
      });
    },

    /** Moves computers to another access group. @throws Refusal NOT_FOUND, INVALID_INPUT */
    regroup(caller: Caller, choice: ComputerChoice, accessGroup: GroupRef): Promise<Computer[]> {
      return store.transaction(async (tx, now) => {
        const ids = await chosenIds(tx, caller, choice, 'ManageComputer', now);
        const computers = await lockComputers(tx, caller, ids, 'ManageComputer');
        const group = await targetGroup(tx, caller, accessGroup, 'ManageComputer');
        const regrouped = computers.map((computer) => ({ ...computer, accessGroup: group }));
        await tx.computers.save(caller.accountId, regrouped);
        record(tx, caller, now, ...editsOf(computers, regrouped));
        return regrouped;
      });
    },
  };
}

/** The registration key belongs to the account, so a computer that presents it may enrol into any group. */
const enrollingScope = (principal: Principal): Scope =>
  principal.kind === 'registrar' ? wholeAccount(principal.accountId) : treeScope(personOf(principal));

/**
 * Resolves the new group of computers. The caller must hold the permission in that group too.
 * @throws Refusal INVALID_INPUT, FORBIDDEN
 */
export async function targetGroup(
  tx: Repositories,
  caller: Caller,
  ref: GroupRef,
  permission: GroupPermission,
): Promise<AccessGroup> {
  const group = await groupOf(tx, treeScope(caller), ref);
  authorise(caller, permission, group.id);
  return group;
}

export async function lockComputers(
  tx: Repositories,
  caller: Caller,
  ids: readonly number[],
  permission: GroupPermission,
  field = 'ids',
): Promise<Computer[]> {
  const computers = await tx.computers.forUpdate(scopeOf(caller, 'ViewComputer'), ids);
  const missing = ids.find((id) => !computers.some((computer) => computer.id === id));
  if (missing !== undefined) throw notFound('computer', missing, field);
  for (const computer of computers)
    authorise(caller, permission, computer.accessGroup.id, asEntity(computer));
  return computers;
}
