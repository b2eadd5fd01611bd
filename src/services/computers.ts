import { authorise, type Caller, type GroupPermission } from '../domain/access.ts';
import { ROOT_ACCESS_GROUP } from '../domain/access-group.ts';
import { type Computer, computerTitle, hostname } from '../domain/computer.ts';
import { check, notFound, Refusal } from '../domain/errors.ts';
import { associationTarget, type ScriptProfile } from '../domain/script-profile.ts';
import { tagList } from '../domain/tag.ts';
import { groupNamed } from './access-groups.ts';
import { failExecutionsOf } from './executions.ts';
import type { ComputerFilter, ComputerOrderField, Listing, Repositories, Store } from './ports.ts';

export interface ComputerDraft {
  readonly hostname: string;
  /** The hostname when left out. */
  readonly title?: string | null;
  /** What it asks for; set on it when it is accepted. */
  readonly tags?: readonly string[] | null;
  readonly accessGroup?: string | null;
}

export function computerService(store: Store) {
  const { read } = store;
  return {
    page(caller: Caller, listing: Listing<ComputerFilter, ComputerOrderField>) {
      authorise(caller, 'ViewComputer');
      return read.computers.page(caller.accountId, listing);
    },

    count(caller: Caller, filter: ComputerFilter) {
      authorise(caller, 'ViewComputer');
      return read.computers.count(caller.accountId, filter);
    },

    byIds(caller: Caller, ids: readonly number[]) {
      authorise(caller, 'ViewComputer');
      return read.computers.byIds(caller.accountId, ids);
    },

    tags(caller: Caller): Promise<string[]> {
      authorise(caller, 'ViewComputer');
      return read.computers.tags(caller.accountId);
    },

    /** A page, for each profile, of the computers associated with it. */
    pagesAssociated(
      caller: Caller,
      profiles: readonly ScriptProfile[],
      listing: Omit<Listing<never, ComputerOrderField>, 'filter'>,
    ) {
      authorise(caller, 'ViewComputer');
      return read.computers.pagesReached(caller.accountId, profiles.map(associationTarget), listing);
    },

    /** Makes a pending computer. @throws Refusal INVALID_INPUT */
    enrol(caller: Caller, draft: ComputerDraft): Promise<Computer> {
      return store.transaction(async (tx, now) => {
        const accessGroup = await groupNamed(tx, caller, draft.accessGroup ?? ROOT_ACCESS_GROUP);
        authorise(caller, 'ManagePendingComputer', accessGroup.id);
        const checked = check({
          hostname: () => hostname(draft.hostname),
          title: () => computerTitle(draft.title ?? draft.hostname),
          tags: () => tagList(draft.tags ?? []),
        });
        const computer = {
          ...checked,
          comment: '',
          status: 'pending' as const,
          accessGroup,
          createdAt: now,
          acceptedAt: null,
        };
        const id = await tx.computers.insert(caller.accountId, computer);
        return { ...computer, id };
      });
    },

    /**
     * Accepts pending computers, their tags and group set first. Accepting again changes nothing.
     * @param into what replaces the tags and the group that they asked for
     * @throws Refusal NOT_FOUND, INVALID_INPUT
     */
    accept(
      caller: Caller,
      ids: readonly number[],
      into: { tags?: readonly string[] | null; accessGroup?: string | null },
    ): Promise<Computer[]> {
      return store.transaction(async (tx, now) => {
        const computers = await lock(tx, caller, ids, 'ManagePendingComputer');
        const group = into.accessGroup == null ? null : await groupNamed(tx, caller, into.accessGroup);
        const tags = into.tags == null ? null : tagList(into.tags);
        const accepted = computers.map(
          (computer): Computer =>
            computer.status === 'accepted'
              ? computer
              : {
                  ...computer,
                  status: 'accepted',
                  acceptedAt: now,
                  tags: tags ?? computer.tags,
                  accessGroup: group ?? computer.accessGroup,
                },
        );
        await tx.computers.save(
          caller.accountId,
          accepted.filter((computer, index) => computer !== computers[index]),
        );
        return accepted;
      });
    },

    /** Forgets pending computers. @throws Refusal NOT_FOUND; INVALID_INPUT for one that is accepted already */
    reject(caller: Caller, ids: readonly number[]): Promise<void> {
      return store.transaction(async (tx) => {
        const computers = await lock(tx, caller, ids, 'ManagePendingComputer');
        const accepted = computers.find(({ status }) => status === 'accepted');
        if (accepted) {
          throw new Refusal(
            'INVALID_INPUT',
            `The computer ${accepted.id} is accepted already; it can only be removed.`,
            {
              field: 'ids',
              found: String(accepted.id),
              allowed: 'pending computers',
            },
          );
        }
        await tx.computers.remove(caller.accountId, ids);
      });
    },

    /** Removes a computer; what it has not reported is failed, and history stays. @throws Refusal NOT_FOUND */
    remove(caller: Caller, id: number): Promise<void> {
      return store.transaction(async (tx, now) => {
        await lock(tx, caller, [id], 'ManageComputer', 'id');
        await failExecutionsOf(tx, caller.accountId, [id], now);
        await tx.computers.remove(caller.accountId, [id]);
      });
    },

    /** Adds and removes tags. @throws Refusal NOT_FOUND, INVALID_INPUT */
    retag(
      caller: Caller,
      ids: readonly number[],
      change: { add?: readonly string[] | null; remove?: readonly string[] | null },
    ): Promise<Computer[]> {
      return store.transaction(async (tx) => {
        const computers = await lock(tx, caller, ids, 'ManageComputer');
        const { add, remove } = check({
          add: () => tagList(change.add ?? [], 'add'),
          remove: () => new Set(tagList(change.remove ?? [], 'remove')),
        });
        const retagged = computers.map((computer) => ({
          ...computer,
          tags: tagList([...computer.tags, ...add]).filter((tag) => !remove.has(tag)),
        }));
        await tx.computers.save(caller.accountId, retagged);
        return retagged;
      });
    },

    /** Moves computers to another access group. @throws Refusal NOT_FOUND, INVALID_INPUT */
    regroup(caller: Caller, ids: readonly number[], accessGroup: string): Promise<Computer[]> {
      return store.transaction(async (tx) => {
        const computers = await lock(tx, caller, ids, 'ManageComputer');
        const group = await groupNamed(tx, caller, accessGroup);
        authorise(caller, 'ManageComputer', group.id);
        const regrouped = computers.map((computer) => ({ ...computer, accessGroup: group }));
        await tx.computers.save(caller.accountId, regrouped);
        return regrouped;
      });
    },
  };
}

async function lock(
  tx: Repositories,
  caller: Caller,
  ids: readonly number[],
  permission: GroupPermission,
  field = 'ids',
): Promise<Computer[]> {
  const computers = await tx.computers.forUpdate(caller.accountId, ids);
  for (const computer of computers) authorise(caller, permission, computer.accessGroup.id);
  const missing = ids.find((id) => !computers.some((computer) => computer.id === id));
  if (missing !== undefined) throw notFound('computer', missing, field);
  return computers;
}
