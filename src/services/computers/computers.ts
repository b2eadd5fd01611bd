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

/** Which computers to list, with the search query as it was written. */
export type ComputerSearch = Omit<ComputerFilter, 'query' | 'online'> & {
  readonly query?: string | null;
  /** Whether its client was seen lately. */
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
  /** Reads what a search finds; only one that asks who is online or offline needs the time. */
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

    /** In the order of the ids; undefined where the caller sees none. */
    byIds(caller: Caller, ids: readonly number[]) {
      return read.computers.byIds(scopeOf(caller, 'ViewComputer'), ids);
    },

    tags(caller: Caller): Promise<string[]> {
      return read.computers.tags(listScope(caller, 'ViewComputer'));
    },

    tagCounts(caller: Caller) {
      return read.computers.tagCounts(listScope(caller, 'ViewComputer'));
    },

    /** A page, for each profile, of the computers associated with it, as far as the caller sees them. */
    pagesAssociated(
      caller: Caller,
      profiles: readonly ScriptProfile[],
      listing: Omit<Listing<never, ComputerOrderField>, 'filter'>,
    ) {
      const scope = scopeOf(caller, 'ViewComputer');
      return read.computers.pagesReached(scope, profiles.map(associationTarget), listing);
    },

    /**
     * Makes a pending computer, with the token that it will show; nobody sees the token again. One that comes
     * with the registration key is accepted at once where the account's preferences say so. A retry with the same
     * key answers with the same computer and the same token.
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

    /** Whose token this is; undefined when it is nobody's. */
    async byToken(token: string) {
      const accountId = accountOfComputerToken(token);
      return accountId === undefined ? undefined : read.computers.byToken(accountId, hashOf(token));
    },

    /**
     * Accepts pending computers, their tags and group set first. Accepting again changes nothing.
     * @param into what replaces the tags and the group that they asked for; `replace` names older computers of the same
     * machines, which are removed, and whose history goes to the new ones
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
        // All at once, because computers are locked in the order of their ids.
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
     * Forgets pending computers. @returns the computers as they were
     * @throws Refusal NOT_FOUND; INVALID_INPUT for one that is accepted already
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

    /** Removes a computer; what it has not reported is failed, and history stays. @throws Refusal NOT_FOUND */
    remove(caller: Caller, id: number): Promise<void> {
      return store.transaction(async (tx, now) => {
        const computers = await lockComputers(tx, caller, [id], 'ManageComputer', 'id');
        // A run that is just being made at this computer is failed as well.
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

/** A registration key is the account's: it puts a computer into whichever group. */
const enrollingScope = (principal: Principal): Scope =>
  principal.kind === 'registrar' ? wholeAccount(principal.accountId) : treeScope(personOf(principal));

/** The group that computers are put into, where the caller may do this too. @throws Refusal INVALID_INPUT, FORBIDDEN */
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
