import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/persistence/database.ts';
import { insertRows } from '../../src/persistence/demonstration/inserts.ts';
import { createStore } from '../../src/persistence/store.ts';
import type { Repositories } from '../../src/services/ports.ts';
import { freshDatabase } from '../support/database.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';

// Two accounts that are alike in everything: names, titles, tags, and numbers too where tables number by
// account. Whatever one of them reads, each row of the answer must be its own. Rows tell whose they are by a
// mark that is no key: a user's name, a comment, a summary, a limit.

let database: Database;
let read: Repositories;
let mine: TestAccount;
let theirs: TestAccount;
const IDS = [1000, 1001];

beforeAll(async () => {
  database = await freshDatabase();
  read = createStore(database.prisma).read;
  mine = await build('mine', 11);
  theirs = await build('theirs', 22);
});
afterAll(() => database.close());

async function build(mark: string, limit: number): Promise<TestAccount> {
  const { prisma } = database;
  const account = await anAccount(prisma, mark, 'jane@example.com');
  await prisma.person.updateMany({ where: { accountId: account.id }, data: { name: mark } });
  await prisma.accessGroup.updateMany({ where: { accountId: account.id }, data: { title: mark } });
  await read.limits.save(account.id, { maxNumComputers: limit, maxNumProfiles: limit, minInterval: limit });
  await read.accessGroups.insert(account.id, { name: 'web', title: mark, parentId: account.root.id });
  const both = (row: object) => IDS.map((id) => ({ id, ...row }));
  await insert(prisma, 'script', account, both({ username: mark }));
  const scheduled = { nextRun: '2025-05-01T00:00:00Z', tags: ['tag'], username: mark };
  await insert(prisma, 'script_profile', account, both(scheduled));
  await insert(prisma, 'computer', account, both({ comment: mark }));
  await insertRows(prisma, 'computer_tag', account.id, [
    { computerId: 1000, tag: 'tag', position: 1 },
    { computerId: 1001, tag: mark, position: 1 },
  ]);
  const runs = aRun(1000, 1000, [{ computerId: 1000, status: 'delivered' }]);
  await insert(
    prisma,
    'activity',
    account,
    runs.map((run) => ({ ...run, summary: mark })),
  );
  return account;
}

const window = { limit: 100, fromEnd: false, offset: 0, after: null, before: null };
const by = <Field extends string>(field: Field) => ({ order: { field, direction: 'ASC' as const }, window });
const all = { status: 'ALL' } as const;

/** Numbers of rows of both accounts: those in common, and those that only the other has. */
const people = () => [mine.caller.personId, theirs.caller.personId];
const groups = () => [mine.root.id, theirs.root.id];

type Read = (repositories: Repositories, accountId: number) => Promise<unknown>;

/** Every method that reads. Each must answer with something, or it would prove nothing. */
const reads: { [Name in keyof Repositories]: Record<string, Read> } = {
  people: {
    caller: ({ people }, accountId) =>
      people.caller(accountId === mine.id ? 'mine' : 'theirs', 'jane@example.com'),
    byIds: (repositories, accountId) => repositories.people.byIds(accountId, people()),
  },
  accessGroups: {
    all: ({ accessGroups }, accountId) => accessGroups.all(accountId),
    byName: ({ accessGroups }, accountId) => accessGroups.byName(accountId, 'web'),
  },
  computers: {
    page: ({ computers }, accountId) => computers.page(accountId, { filter: {}, ...by('ID') }),
    'page by tag and group': ({ computers }, accountId) =>
      computers.page(accountId, {
        filter: { tags: ['tag'], accessGroups: ['global'], search: '1' },
        ...by('TITLE'),
      }),
    count: ({ computers }, accountId) => computers.count(accountId, {}),
    byIds: ({ computers }, accountId) => computers.byIds(accountId, IDS),
    forUpdate: ({ computers }, accountId) => computers.forUpdate(accountId, IDS),
    countReached: ({ computers }, accountId) => computers.countReached(accountId, targets()),
    pagesReached: ({ computers }, accountId) => computers.pagesReached(accountId, targets(), by('ID')),
    tags: ({ computers }, accountId) => computers.tags(accountId),
  },
  scripts: {
    page: ({ scripts }, accountId) => scripts.page(accountId, { filter: {}, ...by('TITLE') }),
    count: ({ scripts }, accountId) => scripts.count(accountId, {}),
    byIds: ({ scripts }, accountId) => scripts.byIds(accountId, IDS),
    forUpdate: ({ scripts }, accountId) => scripts.forUpdate(accountId, 1000),
    titleHolder: ({ scripts }, accountId) => scripts.titleHolder(accountId, 'Script 1000'),
  },
  scriptProfiles: {
    page: ({ scriptProfiles }, accountId) => scriptProfiles.page(accountId, { filter: all, ...by('TITLE') }),
    'page by everything': ({ scriptProfiles }, accountId) =>
      scriptProfiles.page(accountId, {
        filter: {
          ...all,
          search: 'profile',
          titles: ['Profile 1000'],
          triggerKinds: ['one_time'],
          tags: ['tag'],
          scriptIds: IDS,
          accessGroups: ['global'],
        },
        ...by('CREATED_AT'),
      }),
    count: ({ scriptProfiles }, accountId) => scriptProfiles.count(accountId, all),
    byIds: ({ scriptProfiles }, accountId) => scriptProfiles.byIds(accountId, IDS),
    forUpdate: ({ scriptProfiles }, accountId) => scriptProfiles.forUpdate(accountId, 1000),
    ofScriptForUpdate: ({ scriptProfiles }, accountId) => scriptProfiles.ofScriptForUpdate(accountId, 1000),
    scheduledForUpdate: ({ scriptProfiles }, accountId) => scriptProfiles.scheduledForUpdate(accountId),
    titleHolder: ({ scriptProfiles }, accountId) => scriptProfiles.titleHolder(accountId, 'Profile 1000'),
    countActive: ({ scriptProfiles }, accountId) => scriptProfiles.countActive(accountId),
  },
  activities: {
    page: ({ activities }, accountId) => activities.page(accountId, { filter: {}, ...by('CREATION_TIME') }),
    'page by everything': ({ activities }, accountId) =>
      activities.page(accountId, {
        filter: {
          types: ['ExecuteScriptRequest'],
          statuses: ['delivered'],
          parentId: 1000,
          computerId: 1000,
        },
        ...by('CREATION_TIME'),
      }),
    count: ({ activities }, accountId) => activities.count(accountId, {}),
    'pagesOf a profile': ({ activities }, accountId) =>
      activities.pagesOf(accountId, 'scriptProfileId', IDS, by('CREATION_TIME')),
    'pagesOf a parent': ({ activities }, accountId) =>
      activities.pagesOf(accountId, 'parentId', IDS, by('CREATION_TIME')),
    countsOf: ({ activities }, accountId) => activities.countsOf(accountId, 'parentId', IDS),
    lastOf: ({ activities }, accountId) => activities.lastOf(accountId, IDS),
    byIds: ({ activities }, accountId) => activities.byIds(accountId, IDS),
    statusCounts: ({ activities }, accountId) => activities.statusCounts(accountId, [1000]),
  },
  limits: {
    of: ({ limits }, accountId) => limits.of(accountId),
    forUpdate: ({ limits }, accountId) => limits.forUpdate(accountId),
  },
};

const targets = () =>
  groups().flatMap((accessGroupId) => [
    { accessGroupId, allComputers: true, tags: [] },
    { accessGroupId, allComputers: false, tags: ['tag'] },
  ]);

const cases = Object.entries(reads).flatMap(([repository, methods]) =>
  Object.entries(methods).map(([method, run]) => [`${repository}.${method}`, run] as const),
);

const writes = ['insert', 'save', 'remove', 'overwriteVersions', 'end', 'setStatus'];

test('every method of every repository that reads is among those tried', () => {
  const tried = new Set(cases.map(([name]) => name.split(' ')[0]));
  const missing = Object.entries(read).flatMap(([repository, methods]) =>
    Object.keys(methods)
      .filter((method) => !writes.includes(method) && !tried.has(`${repository}.${method}`))
      .map((method) => `${repository}.${method}`),
  );
  expect(missing).toEqual([]);
});

test.each(cases)('%s answers one account with its own rows only', async (_name, run) => {
  const answer = JSON.stringify(await run(read, mine.id));
  const others = JSON.stringify(await run(read, theirs.id));
  expect(answer).toMatch(/mine|[1-9]/);
  expect(answer).not.toMatch(/theirs|\b22\b/);
  expect(others).not.toMatch(/mine|\b11\b/);
});

test('numbers that are counted are the account’s own, however much the other has', async () => {
  const before = await Promise.all(cases.map(([, run]) => run(read, mine.id)));
  await insert(database.prisma, 'script', theirs, [{ id: 3000, title: 'More' }]);
  await insert(database.prisma, 'script_profile', theirs, [{ id: 3000, title: 'More', scriptId: 1000 }]);
  await insert(database.prisma, 'computer', theirs, [{ id: 3000 }]);
  await insert(
    database.prisma,
    'activity',
    theirs,
    aRun(3000, 1000, [{ computerId: 1000, status: 'failed' }]),
  );
  expect(await Promise.all(cases.map(([, run]) => run(read, mine.id)))).toEqual(before);
});

test('a title that the other account has is held by nobody in this one', async () => {
  await insert(database.prisma, 'script', theirs, [{ id: 4000, title: 'Theirs' }]);
  await insert(database.prisma, 'script_profile', theirs, [{ id: 4000, title: 'Theirs', scriptId: 1000 }]);
  expect(await read.scripts.titleHolder(mine.id, 'Theirs')).toBeUndefined();
  expect(await read.scriptProfiles.titleHolder(mine.id, 'Theirs')).toBeUndefined();
});

test('what one account writes under a number that both have leaves the other’s row alone', async () => {
  const all = async () => JSON.stringify(await Promise.all(cases.map(([, run]) => run(read, theirs.id))));
  const before = await all();
  const at = '2025-06-01T00:00:00.000000Z';
  const [script] = await read.scripts.byIds(mine.id, [1000]);
  const [profile] = await read.scriptProfiles.byIds(mine.id, [1000]);
  const computers = await read.computers.forUpdate(mine.id, IDS);
  await read.scripts.save(mine.id, { ...script!, title: 'Changed', versionNumber: 2 });
  await read.scripts.overwriteVersions(mine.id, 1000, { interpreter: '/bin/false', code: 'gone' });
  await read.scriptProfiles.save(mine.id, { ...profile!, title: 'Changed', archived: true, nextRun: null });
  await read.computers.save(
    mine.id,
    computers.map((computer) => ({ ...computer, tags: ['changed'] })),
  );
  const end = { status: 'canceled', resultText: 'changed', at } as const;
  await read.activities.end(mine.id, { computerIds: IDS, in: ['delivered'] }, end);
  await read.activities.end(mine.id, { scriptProfileIds: IDS, in: ['delivered'] }, end);
  await read.activities.setStatus(mine.id, [{ id: 1000, status: 'failed', completionTime: at }]);
  await read.computers.remove(mine.id, IDS);
  await read.limits.save(mine.id, { maxNumComputers: 33, maxNumProfiles: 33, minInterval: 33 });
  expect(await all()).toBe(before);
});
