import { authorise, type Caller, type Scope, treeScope, wholeAccount } from '../domain/access.ts';
import {
  type AccessGroup,
  accessGroupName,
  accessGroupTitle,
  ROOT_ACCESS_GROUP,
} from '../domain/access-group.ts';
import { invalid, Refusal, show } from '../domain/errors.ts';
import { mayBeName } from '../domain/text.ts';
import type { Instant } from '../domain/time.ts';
import { record } from './event-log.ts';
import { makeOnce, ofPerson } from './idempotency.ts';
import type { Repositories, Store, Transaction } from './ports.ts';

/** An access group by its name, or by its id. */
export type GroupRef = string | { readonly id: number };

export interface AccessGroupDraft {
  readonly title: string;
  /** The root when left out. */
  readonly parent?: GroupRef | null;
}

export function accessGroupService(store: Store) {
  return {
    /** The tree, as far as it exists for the caller, by name. */
    all(caller: Caller): Promise<AccessGroup[]> {
      return store.read.accessGroups.all(treeScope(caller));
    },

    /**
     * A retry with the same key answers with the same group.
     * @throws Refusal INVALID_INPUT, TITLE_TAKEN, IDEMPOTENCY_KEY_REUSED
     */
    create(caller: Caller, draft: AccessGroupDraft, key?: string | null): Promise<AccessGroup> {
      authorise(caller, 'ManageAccount');
      return store.transaction(async (tx, now) => {
        // The limits are the account's lock: two groups of one name are not made at the same time.
        await tx.limits.forUpdate(caller.accountId);
        const attempt = { ...ofPerson(caller), mutation: 'createAccessGroup', key, input: draft };
        return makeOnce(tx, now, attempt, {
          find: async (id) => {
            const groups = await tx.accessGroups.all(wholeAccount(caller.accountId));
            return groups.find((group) => group.id === id)!;
          },
          make: () => create(tx, caller, draft, now),
        });
      });
    },
  };
}

async function create(
  tx: Transaction,
  caller: Caller,
  draft: AccessGroupDraft,
  now: Instant,
): Promise<AccessGroup> {
  const title = accessGroupTitle(draft.title);
  const name = accessGroupName(title);
  if (await tx.accessGroups.byName(wholeAccount(caller.accountId), name)) {
    throw new Refusal('TITLE_TAKEN', `An access group named "${name}" already exists.`, {
      field: 'title',
      found: show(draft.title),
      allowed: 'a title that no other access group of the account has',
    });
  }
  const parent = await groupOf(tx, treeScope(caller), draft.parent ?? ROOT_ACCESS_GROUP, 'parent');
  const group = await tx.accessGroups.insert(caller.accountId, { name, title, parentId: parent.id });
  record(tx, caller, now, {
    action: 'ACCESS_GROUP_CREATED',
    entity: { type: 'AccessGroup', id: group.id, title },
    changes: { parent: { from: null, to: parent.name } },
  });
  return group;
}

/** @throws Refusal INVALID_INPUT where the scope has no such group */
export async function groupOf(
  tx: Repositories,
  scope: Scope,
  ref: GroupRef,
  field = 'accessGroup',
): Promise<AccessGroup> {
  if (typeof ref !== 'string') {
    const group = (await tx.accessGroups.all(scope)).find(({ id }) => id === ref.id);
    if (!group) throw invalid(`${field}Id`, ref.id, 'the id of an access group of the account');
    return group;
  }
  const group = mayBeName(ref) ? await tx.accessGroups.byName(scope, ref) : undefined;
  if (!group) throw invalid(field, ref, 'the name of an access group of the account');
  return group;
}
