import { afterEach, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/database/database.ts';
import { examineServer } from '../../src/maintenance/examined.ts';
import { createPostgresql, dropPostgresql } from '../support/database.ts';
import { onServer, testServer } from '../support/server.ts';

const urls: string[] = [];
afterEach(async () => {
  for (const url of urls.splice(0)) await dropPostgresql(url);
});
const emptyDatabase = async () => {
  const url = await createPostgresql();
  urls.push(url);
  return url;
};
const nameIn = (url: string) => new URL(url).pathname.slice(1);
const open = async (url: string) => (await openDatabase({ url })).close();

/** Runs work as a new user without any privileges except the granted ones. */
async function asUser(
  url: string,
  grants: readonly string[],
  work: (url: string) => Promise<void>,
): Promise<void> {
  const user = `${nameIn(url)}_user`;
  const as = new URL(url);
  as.username = user;
  await onServer(url, async (client) => {
    for (const statement of [`CREATE ROLE "${user}" LOGIN`, ...grants])
      await client.query(statement.replaceAll('$user', user));
  });
  try {
    await work(as.href);
  } finally {
    await onServer(url, (client) => client.query(`DROP OWNED BY "${user}"; DROP ROLE "${user}"`));
  }
}

describe('a start on a database', () => {
  test('that cannot store every character is refused, with a statement that creates a suitable one', async () => {
    const url = await emptyDatabase();
    await onServer(testServer(), async (client) => {
      await client.query(`DROP DATABASE "${nameIn(url)}"`);
      await client.query(
        `CREATE DATABASE "${nameIn(url)}" ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'`,
      );
    });
    await expect(open(url)).rejects.toThrow(
      /^The database's encoding must be UTF8; found LATIN1, .* Create one with ENCODING 'UTF8'/,
    );
  });

  test('where the user may not create tables is refused in one sentence, with the missing grant', async () => {
    const url = await emptyDatabase();
    await onServer(url, (client) => client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC'));
    await asUser(url, [], async (as) => {
      await expect(open(as)).rejects.toThrow(
        /^The user \S+_user may not create tables in the schema public of the database \S+\. As the server's administrator: GRANT USAGE, CREATE ON SCHEMA public TO "\S+_user"\.$/,
      );
    });
  });

  test('whose tables belong to another user is refused with the missing privileges, whether some or all are missing', async () => {
    const url = await emptyDatabase();
    await open(url);
    await asUser(url, [], async (as) => {
      await expect(open(as)).rejects.toThrow(
        /permission denied for table _prisma_migrations\. Make that user the owner/,
      );
    });
    const most = ['GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO "$user"'];
    await asUser(url, most, async (as) => {
      await expect(open(as)).rejects.toThrow(
        /^The database's user lacks privileges: DELETE on access_group; .* Make that user the owner of the tables/,
      );
      const { missingPrivileges } = await examineServer(as);
      expect(missingPrivileges).toContain('DELETE on script_profile');
      expect(missingPrivileges).toContain('SELECT, USAGE on run_id_seq');
    });
    const all = [
      'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "$user"',
      'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "$user"',
    ];
    await asUser(url, all, async (as) => {
      await open(as);
      expect((await examineServer(as)).missingPrivileges).toEqual([]);
    });
  });

  test('with schema=… creates that schema, puts all tables into it, and finds it on the next start', async () => {
    const url = await emptyDatabase();
    const inSchema = `${url}?schema=gateway`;
    for (const _ of ['created', 'found']) {
      const database = await openDatabase({ url: inSchema });
      await database.prisma.account.create({
        data: { name: `a-${_}`, title: 'A', createdAt: new Date('2024-01-01T00:00:00Z') },
      });
      await database.close();
    }
    await onServer(url, async (client) => {
      const { rows } = await client.query(
        `SELECT schemaname, count(*)::int > 10 AS whole FROM pg_tables
         WHERE schemaname IN ('public', 'gateway') GROUP BY schemaname`,
      );
      expect(rows).toEqual([{ schemaname: 'gateway', whole: true }]);
      const { rows: accounts } = await client.query('SELECT name FROM gateway.account ORDER BY name');
      expect(accounts).toEqual([{ name: 'a-created' }, { name: 'a-found' }]);
    });
  });
});
