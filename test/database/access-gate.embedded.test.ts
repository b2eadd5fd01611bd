import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectEmbedded } from '../../src/database/database.ts';
import { sql } from '../../src/database/sql.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { freshPGlite } from '../support/database.ts';
import { NO_DATABASE_DEADLINES } from '../support/deadlines.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    database: connectEmbedded(await freshPGlite(), { ...NO_DATABASE_DEADLINES, exclusiveUse: 1 }),
  });
});
afterAll(() => app?.close());

/** Runs work with exclusive access to the database, as a backup does. */
async function whileTaken(work: () => Promise<unknown>): Promise<void> {
  await app.database.exclusively!(work);
}

const rename = (title: string) => app.rest('PATCH', '/script-profiles/5', { title });
const renameInGraph = (title: string) =>
  fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${app.token()}` },
    body: JSON.stringify({
      query: `mutation ($title: String) { updateScriptProfile(input: { id: "5", title: $title }) { userErrors { code } } }`,
      variables: { title },
    }),
  });

test('while a backup has exclusive access, a request that waited too long is answered with Retry-After, and is not executed later', async () => {
  const { title } = (await app.rest('GET', '/script-profiles/5')).body;
  await whileTaken(async () => {
    for (const answer of [
      await app.rest('GET', '/script-profiles'),
      await rename('Renamed too late'),
      await renameInGraph('Renamed too late'),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    // A canceled transaction must not begin later either.
    const begun = app.database.prisma.$transaction((tx) => tx.$queryRaw(sql`select 1`));
    await expect(begun).rejects.toThrow();
  });
  expect((await app.rest('GET', '/script-profiles/5')).body.title).toBe(title);
  expect((await rename('Renamed')).status).toBe(200);
  expect(app.faults()).toEqual([]);
});
