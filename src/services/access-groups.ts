import { authorise, type Caller } from '../domain/access.ts';
import {
  type AccessGroup,
  accessGroupName,
  accessGroupTitle,
  ROOT_ACCESS_GROUP,
} from '../domain/access-group.ts';
import { invalid, Refusal, show } from '../domain/errors.ts';
import type { Repositories, Store } from './ports.ts';

export function accessGroupService(store: Store) {
  return {
    /** The whole tree, by name. */
    all(caller: Caller): Promise<AccessGroup[]> {
      authorise(caller, 'ViewComputer');
      return store.read.accessGroups.all(caller.accountId);
    },

    /** @param parent a group's name; the root when left out. @throws Refusal INVALID_INPUT, TITLE_TAKEN */
    create(caller: Caller, draft: { title: string; parent?: string | null }): Promise<AccessGroup> {
      authorise(caller, 'ManageAccount');
      return store.transaction(async (tx) => {
        // The limits are the account's lock: two groups of one name are not made at the same time.
        await tx.limits.forUpdate(caller.accountId);
        const title = accessGroupTitle(draft.title);
        const name = accessGroupName(title);
        if (await tx.accessGroups.byName(caller.accountId, name)) {
          throw new Refusal('TITLE_TAKEN', `An access group named "${name}" already exists.`, {
            field: 'title',
            found: show(draft.title),
            allowed: 'a title that no other access group of the account has',
          });
        }
        const parent = await groupNamed(tx, caller, draft.parent ?? ROOT_ACCESS_GROUP, 'parent');
        return tx.accessGroups.insert(caller.accountId, { name, title, parentId: parent.id });
      });
    },
  };
}

/** @throws Refusal INVALID_INPUT where the caller sees no group of that name */
export async function groupNamed(
  tx: Repositories,
  caller: Caller,
  name: string,
  field = 'accessGroup',
): Promise<AccessGroup> {
  // The database takes no NUL and no half of a character; no group is called so either.
  const group = /[\0\p{Cs}]/u.test(name) ? undefined : await tx.accessGroups.byName(caller.accountId, name);
  if (!group) throw invalid(field, name, 'the name of an access group of the account');
  return group;
}
