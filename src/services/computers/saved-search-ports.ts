import type { SavedSearch } from '../../domain/search/saved-search.ts';

export interface SavedSearchRepository {
  /** In the order of their names. */
  all(accountId: number): Promise<SavedSearch[]>;
  insert(accountId: number, saved: Omit<SavedSearch, 'id'>): Promise<number>;
  save(accountId: number, saved: SavedSearch): Promise<void>;
  remove(accountId: number, id: number): Promise<void>;
}
