import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPostgresql, dropPostgresql, freshFolder, isOnPostgresql } from './support/database.ts';
import { shapeOf } from './support/json-shape.ts';
import {
  endServers,
  paste,
  type ServerProcess,
  startServer,
  temporaryFolder,
} from './support/server-process.ts';

// biome-ignore lint/suspicious/noExplicitAny: JSON as the documentation prints it
const fixture = (name: string): any =>
  JSON.parse(readFileSync(new URL(`./fixtures/page/${name}.json`, import.meta.url), 'utf8'));

const requests: { name: string; command: string }[] = fixture('requests');
const listAll = fixture('responses/list-all');
const one = fixture('responses/one');
const create = fixture('responses/create');
const update = fixture('responses/update');
const activities = fixture('responses/activities');
const limits = fixture('responses/limits');

/**
 * A command of the API's documentation, to paste into a shell. Only the host and the ids of profiles are replaced,
 * because the documentation's own lists do not contain 116782 and 176892.
 */
const commandOf = (name: string): string => {
  const request = requests.find((candidate) => candidate.name === name);
  if (!request) throw new Error(`The page has no example ${name}.`);
  return request.command;
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let url: string;
let server: ServerProcess;
let JWT: string;

const pasted = async (command: string, ids: Record<number, number> = {}) => {
  let here = command.replaceAll('https://landscape.canonical.com', server.url);
  for (const [printed, existing] of Object.entries(ids)) {
    expect(here).toContain(`/${printed}`);
    here = here.replaceAll(`/${printed}`, `/${existing}`);
  }
  const { status, body } = await paste(here, { JWT });
  return { status, text: body, json: body === '' ? undefined : JSON.parse(body) };
};

beforeAll(async () => {
  folder = await temporaryFolder('page-examples-');
  url = isOnPostgresql() ? await createPostgresql() : `pglite:${folder.path}/db`;
  if (!isOnPostgresql()) await freshFolder(`${folder.path}/db`);
  server = await startServer({
    DATABASE_URL: url,
    JWT_SECRET: 'a secret of the tests, thirty-two bytes or more',
    SEED: 'page',
    SCHEDULER: 'off',
  });
  JWT = await server.token();
});

afterAll(async () => {
  await endServers();
  if (isOnPostgresql()) await dropPostgresql(url);
  await folder.remove();
});

test('every example of the documentation is run here', () => {
  expect(requests.map(({ name }) => name).sort()).toEqual(
    ['activities', 'archive', 'create', 'limits', 'list', 'list-all', 'one', 'update'].sort(),
  );
});

describe('the examples that read data return the documented answers, with the same order of keys', () => {
  test.each(['list-all', 'list'])('%s', async (name) => {
    const { status, text, json } = await pasted(commandOf(name));
    expect(status).toBe(200);
    // Computed from the current time by the rule. The documented 00:08 does not match its own cron expression.
    const { next_run: nextRun } = json.results[0].trigger;
    expect(nextRun).toMatch(/^\d{4}-\d\d-\d\dT08:00:00Z$/);
    const hoursFromNow = (Date.parse(nextRun) - Date.now()) / 3_600_000;
    expect(hoursFromNow).toBeGreaterThan(-0.1);
    expect(hoursFromNow).toBeLessThanOrEqual(24);

    const withThePages = text.replace(nextRun, '2025-04-23T00:08:00Z');
    expect(JSON.parse(withThePages)).toEqual(listAll);
    expect(withThePages).toBe(JSON.stringify(listAll));
  });

  test('one profile, with the id that it has here', async () => {
    const { status, text } = await pasted(commandOf('one'), { 116782: 4 });
    expect(status).toBe(200);
    expect(text).toBe(JSON.stringify({ ...one, id: 4 }));
  });

  test('activities, with the id of the profile that ran, and the same by GET', async () => {
    const byPost = await pasted(commandOf('activities'), { 176892: 1 });
    expect(byPost.status).toBe(200);
    expect(byPost.text).toBe(JSON.stringify(activities));
    expect(await pasted(commandOf('activities').replace('-X POST', '-X GET'), { 176892: 1 })).toEqual(byPost);
  });

  test('limits, and the same by GET', async () => {
    const byPost = await pasted(commandOf('limits'));
    expect(byPost.status).toBe(200);
    expect(byPost.text).toBe(JSON.stringify(limits));
    expect(await pasted(commandOf('limits').replace('-X POST', '-X GET'))).toEqual(byPost);
  });
});

test('the examples that write data, run in the documented order, return the documented answers, and each sees the changes of earlier ones', async () => {
  const created = await pasted(commandOf('create'));
  expect(created.status).toBe(201);
  const { id, created_at: createdAt } = created.json;
  expect(id).toBeGreaterThan(5);
  expect(created.json).toEqual({ ...create, id, created_at: createdAt, last_edited_at: createdAt });
  expect(shapeOf(created.json)).toEqual(shapeOf(create));
  expect((await pasted(commandOf('one'), { 116782: id })).text).toBe(created.text);

  // The documented body lacks its closing brace.
  const broken = await pasted(commandOf('update'), { 176892: id });
  expect(broken.status).toBe(400);
  expect(broken.json).toEqual({
    error: 'InvalidInput',
    message: 'The body is not JSON: it has an error at line 7, column 25.',
    detail: { field: 'body', found: 'the end at line 7, column 25', allowed: 'a JSON object' },
    code: 400,
    request_id: expect.any(String),
  });
  expect((await pasted(commandOf('one'), { 116782: id })).text).toBe(created.text);

  const whole = commandOf('update').replace(/'$/, "\n}'");
  const updated = await pasted(whole, { 176892: id });
  expect(updated.status).toBe(200);
  const { last_edited_at: lastEditedAt } = updated.json;
  expect(updated.json).toEqual({ ...update, id, created_at: createdAt, last_edited_at: lastEditedAt });
  expect(shapeOf(updated.json)).toEqual(shapeOf(update));
  expect(lastEditedAt > createdAt).toBe(true);

  const noActivities = await pasted(commandOf('activities'), { 176892: id });
  expect(noActivities.status).toBe(200);
  expect(noActivities.text).toBe('{"results":[],"count":0,"next":null,"previous":null}');

  expect(await pasted(commandOf('archive'), { 176892: id })).toEqual({
    status: 204,
    text: '',
    json: undefined,
  });
  const archived = await pasted(commandOf('one'), { 116782: id });
  expect(archived.json).toMatchObject({ id, title: 'Macrodata Refinement', archived: true });
  expect(shapeOf(archived.json)).toEqual(shapeOf(update));

  const idsOf = async (name: string) =>
    (await pasted(commandOf(name))).json.results.map((profile: { id: number }) => profile.id);
  expect(await idsOf('list')).toEqual([5, 4, 1]);
  expect(await idsOf('list-all')).toEqual([id, 5, 4, 1]);
});

test('an example without a token, or with an unsigned one, is refused with 401 and JSON', async () => {
  const command = commandOf('list').replace('$JWT', '$JWT-and-more');
  expect(await pasted(command)).toMatchObject({ status: 401, json: { error: 'Unauthorized', code: 401 } });
  const without = commandOf('list').replace(/ -H .*/, '');
  expect(await pasted(without)).toMatchObject({ status: 401, json: { error: 'Unauthorized', code: 401 } });
});
