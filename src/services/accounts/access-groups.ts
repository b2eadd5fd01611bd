import {
  authorise,
  type Caller,
  groupPermissions,
  includesGroup,
  knownGroups,
  type Scope,
  treeScope,
  wholeAccount,
} from '../../domain/accounts/access.ts';
import {
  type AccessGroup,
  accessGroupName,
  accessGroupTitle,
  checkNotRoot,
  editAccessGroup,
  ROOT_ACCESS_GROUP,
} from '../../domain/accounts/access-group.ts';
import type { Change } from '../../domain/change.ts';
import { invalid, notFound, Refusal, show } from '../../domain/errors.ts';
import { changesBetween, type Entity } from '../../domain/event.ts';
import { mayBeName } from '../../domain/text.ts';
import type { Instant } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import { idempotently, ofPerson } from '../idempotency.ts';
import type { GroupContents, Repositories, Store, Transaction } from '../ports.ts';

/** Refers to an access group by name or by id. */
export type GroupRef = string | { readonly id: number };

export interface AccessGroupDraft {
  readonly title: string;
  /** Defaults to the root group. */
  readonly parent?: GroupRef | null;
}

export function accessGroupService(store: Store) {
  return {
    /** Returns the groups that the caller can see, in the order of their names. */
    all(caller: Caller): Promise<AccessGroup[]> {
      return store.read.accessGroups.all(treeScope(caller));
    },

    /**
     * A retry with the same key returns the same group.
     * @throws Refusal INVALID_INPUT, TITLE_TAKEN, IDEMPOTENCY_KEY_REUSED
     */
    create(caller: Caller, draft: AccessGroupDraft, key?: string | null): Promise<AccessGroup> {
      authorise(caller, 'ManageAccount');
      return store.transaction(async (tx, now) => {
        // The limits row serves as the account's lock. It prevents the creation of two groups with the same
        // name.
        await tx.limits.forUpdate(caller.accountId);
        const attempt = { ...ofPerson(caller), mutation: 'createAccessGroup', key, input: draft };
        return idempotently(tx, now, attempt, {
          find: async (id) => {
            const groups = await tx.accessGroups.all(wholeAccount(caller.accountId));
            return groups.find((group) => group.id === id)!;
          },
          make: () => create(tx, caller, draft, now),
        });
      });
    },

    /** Number of visible objects in each group itself, without its descendants. */
    async contents(caller: Caller, ids: readonly number[]): Promise<GroupContents[]> {
      const { accountId, grants } = caller;
      return store.read.accessGroups.contents(
        {
          accountId,
          computers: grants.ViewComputer ?? [],
          scripts: grants.ViewScript ?? [],
          scriptProfiles: grants.ViewScriptProfile ?? [],
        },
        ids,
      );
    },

    /**
     * Renames or moves a group.
     * @throws Refusal NOT_FOUND, INVALID_INPUT, TITLE_TAKEN; FORBIDDEN also for a move
     */
    update(
      caller: Caller,
      id: number,
      { title, parent }: { readonly title?: string | null; readonly parent?: GroupRef | null },
    ): Promise<AccessGroup> {
      authorise(caller, 'ManageAccount');
      return store.transaction(async (tx, now) => {
        const { group, tree } = await lockGroup(tx, caller, { id });
        const into = parent == null ? null : await groupOf(tx, treeScope(caller), parent, 'parent');
        const edited = editAccessGroup(group, { title, parent: into }, tree);
        if (edited.parentId !== group.parentId) checkHoldsEverything(caller, group);
        const shown = ({ parentId, ...named }: AccessGroup) => ({
          ...named,
          parent: tree.find((other) => other.id === parentId)?.name ?? null,
        });
        const changes = changesBetween(shown(group), shown(edited), ['title', 'name', 'parent']);
        if (Object.keys(changes).length === 0) return group;
        if (edited.name !== group.name) checkName(tree, edited.name, title);
        await tx.accessGroups.save(caller.accountId, edited);
        tx.announce(accessOf(caller));
        record(tx, caller, now, { action: 'ACCESS_GROUP_EDITED', entity: asEntity(group), changes });
        return edited;
      });
    },

    /**
     * Deletes a group and moves its contents to its parent. Returns both.
     * @throws Refusal NOT_FOUND; INVALID_INPUT for the root
     */
    remove(caller: Caller, ref: GroupRef): Promise<{ removed: AccessGroup; parent: AccessGroup }> {
      authorise(caller, 'ManageAccount');
      return store.transaction(async (tx, now) => {
        const { group, tree } = await lockGroup(tx, caller, ref);
        checkNotRoot(group);
        checkHoldsEverything(caller, group);
        await tx.accessGroups.removeIntoParent(caller.accountId, group);
        tx.announce(accessOf(caller));
        record(tx, caller, now, { action: 'ACCESS_GROUP_DELETED', entity: asEntity(group) });
        return { removed: group, parent: tree.find(({ id }) => id === group.parentId)! };
      });
    },
  };
}

/** Permissions may have changed with the groups, so the access of every subscriber is checked again. */
const accessOf = ({ accountId }: Caller): Change => ({ kind: 'access', accountId, personId: null });

const asEntity = ({ id, title }: AccessGroup): Entity => ({ type: 'AccessGroup', id, title });

/**
 * Checks that the caller holds every group permission in the group. A move grants permissions in the group to
 * some people and revokes those of others. Callers cannot grant or revoke permissions that they do not hold.
 * @throws Refusal FORBIDDEN, which names the first permission that the caller lacks
 */
function checkHoldsEverything(caller: Caller, group: AccessGroup): void {
  for (const permission of groupPermissions) authorise(caller, permission, group.id, asEntity(group));
}

/** Returns a visible group and the whole tree. Other changes to the tree wait until the transaction ends. */
async function lockGroup(tx: Repositories, caller: Caller, ref: GroupRef) {
  await tx.limits.forUpdate(caller.accountId);
  const tree = await tx.accessGroups.all(wholeAccount(caller.accountId));
  const group = tree.find((one) => (typeof ref === 'string' ? one.name === ref : one.id === ref.id));
  if (!group || !includesGroup(knownGroups(caller), group.id))
    throw typeof ref === 'string' ? notFound('access group', ref, 'name') : notFound('access group', ref.id);
  return { group, tree };
}

function checkName(tree: readonly AccessGroup[], name: string, title: string | null | undefined): void {
  if (!tree.some((group) => group.name === name)) return;
  throw new Refusal('TITLE_TAKEN', `An access group named "${name}" already exists.`, {
    field: 'title',
    found: show(title),
    allowed: 'a title that no other access group of the account has',
  });
}

async function create(
  tx: Transaction,
  caller: Caller,
  draft: AccessGroupDraft,
  now: Instant,
): Promise<AccessGroup> {
  const title = accessGroupTitle(draft.title);
  const name = accessGroupName(title);
  checkName(await tx.accessGroups.all(wholeAccount(caller.accountId)), name, draft.title);
  const parent = await groupOf(tx, treeScope(caller), draft.parent ?? ROOT_ACCESS_GROUP, 'parent');
  const group = await tx.accessGroups.insert(caller.accountId, { name, title, parentId: parent.id });
  record(tx, caller, now, {
    action: 'ACCESS_GROUP_CREATED',
    entity: asEntity(group),
    changes: { parent: { from: null, to: parent.name } },
  });
  return group;
}

/** @throws Refusal INVALID_INPUT if the group is outside the scope */
export async function groupOf(
  tx: Repositories,
  scope: Scope,
  ref: GroupRef,
  field = 'accessGroup',
): Promise<AccessGroup> {
  if (typeof ref !== 'string') {
    const group = (await tx.accessGroups.all(scope)).find(({ id }) => id === ref.id);
    if (!group) throw invalid(`${field}Id`, String(ref.id), 'the id of an access group of the account');
    return group;
  }
  const group = mayBeName(ref) ? await tx.accessGroups.byName(scope, ref) : undefined;
  if (!group) throw invalid(field, ref, 'the name of an access group of the account');
  return group;
}
