import { type Connection, rows, sql } from '../../database/sql.ts';
import type { SavedSearch } from '../../domain/search/saved-search.ts';
import type { SavedSearchRepository } from '../../services/computers/saved-search-ports.ts';

export const savedSearchRepository = (connection: Connection): SavedSearchRepository => ({
  all: (accountId) =>
    rows<SavedSearch>(
      connection,
      sql`select id, name, title, search from saved_search where account_id = ${accountId}::bigint order by name`,
    ),

  async insert(accountId, saved) {
    const { id } = await connection.savedSearch.create({
      data: { accountId, ...saved },
      select: { id: true },
    });
    return Number(id);
  },

  async save(accountId, { id, title, search }) {
    await connection.savedSearch.update({
      where: { accountId_id: { accountId, id } },
      data: { title, search },
      select: { id: true },
    });
  },

  async remove(accountId, id) {
    await connection.savedSearch.deleteMany({ where: { accountId, id } });
  },
});
