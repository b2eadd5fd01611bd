import { authorise, type Caller } from '../../domain/accounts/access.ts';
import { notFound } from '../../domain/errors.ts';
import { changesBetween, type Entity } from '../../domain/event.ts';
import {
  editSavedSearch,
  newSavedSearch,
  type SavedSearch,
  type SavedSearchDraft,
  type SavedSearchEdit,
} from '../../domain/search/saved-search.ts';
import { record } from '../event-log.ts';
import { idempotently, ofPerson } from '../idempotency.ts';
import type { Store, Transaction } from '../ports.ts';

/** Saved searches for computers, shared by all people of the account. */
export function savedSearchService(store: Store) {
  return {
    async all(caller: Caller): Promise<SavedSearch[]> {
      authorise(caller, 'ViewComputer');
      return store.read.savedSearches.all(caller.accountId);
    },

    /**
     * A retry with the same key returns the same saved search.
     * @throws Refusal INVALID_INPUT, TITLE_TAKEN, IDEMPOTENCY_KEY_REUSED
     */
    create(caller: Caller, draft: SavedSearchDraft, key?: string | null): Promise<SavedSearch> {
      return store.transaction(async (tx, now) => {
        authorise(caller, 'ManageComputer');
        const present = await lockAll(tx, caller);
        const attempt = { ...ofPerson(caller), mutation: 'createSavedSearch', key, input: draft };
        return idempotently(tx, now, attempt, {
          find: async (id) => {
            const saved = present.find((one) => one.id === id);
            if (!saved) throw notFound('saved search', id, 'idempotencyKey');
            return saved;
          },
          make: async () => {
            const made = newSavedSearch(draft, present);
            const saved = { ...made, id: await tx.savedSearches.insert(caller.accountId, made) };
            const changes = changesBetween(null, saved, shown);
            record(tx, caller, now, { action: 'SAVED_SEARCH_CREATED', entity: asEntity(saved), changes });
            return saved;
          },
        });
      });
    },

    /** @throws Refusal NOT_FOUND, INVALID_INPUT */
    edit(caller: Caller, name: string, edit: SavedSearchEdit): Promise<SavedSearch> {
      return store.transaction(async (tx, now) => {
        authorise(caller, 'ManageComputer');
        const saved = named(name, await lockAll(tx, caller));
        const after = editSavedSearch(saved, edit);
        const changes = changesBetween(saved, after, shown);
        if (Object.keys(changes).length === 0) return saved;
        await tx.savedSearches.save(caller.accountId, after);
        record(tx, caller, now, { action: 'SAVED_SEARCH_EDITED', entity: asEntity(saved), changes });
        return after;
      });
    },

    /** @throws Refusal NOT_FOUND */
    remove(caller: Caller, name: string): Promise<SavedSearch> {
      return store.transaction(async (tx, now) => {
        authorise(caller, 'ManageComputer');
        const saved = named(name, await lockAll(tx, caller));
        await tx.savedSearches.remove(caller.accountId, saved.id);
        record(tx, caller, now, { action: 'SAVED_SEARCH_DELETED', entity: asEntity(saved) });
        return saved;
      });
    },
  };
}

const shown = ['name', 'title', 'search'] as const;

const asEntity = ({ id, title }: SavedSearch): Entity => ({ type: 'SavedSearch', id, title });

/** Takes the account's lock, so that names stay unique. */
async function lockAll(tx: Transaction, { accountId }: Caller): Promise<SavedSearch[]> {
  await tx.limits.forUpdate(accountId);
  return tx.savedSearches.all(accountId);
}

function named(name: string, all: readonly SavedSearch[]): SavedSearch {
  const saved = all.find((one) => one.name === name);
  if (!saved) throw notFound('saved search', name, 'name');
  return saved;
}
