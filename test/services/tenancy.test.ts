import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { insertRows } from '../../src/demo/inserts.ts';
import { wholeAccount } from '../../src/domain/accounts/access.ts';
import { statisticsPeriod } from '../../src/domain/activities/run-statistics.ts';
import { NEW_SESSION } from '../../src/domain/computers/agent.ts';
import { firstRows } from '../../src/domain/page.ts';
import { activityQuery, computerQuery } from '../../src/domain/search/search-terms.ts';
import { createStore } from '../../src/repositories/store.ts';
import type { PersonOrderField } from '../../src/services/accounts/access-ports.ts';
import type { Repositories } from '../../src/services/ports.ts';
import { freshDatabase } from '../support/database.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';

// Two accounts with equal names, titles and tags, and equal numbers in tables that number rows by account. Each row
// that one of them reads must be its own. A column that is not a key marks the owner of each row: a user's name, a
// comment, a summary or a limit.

let database: Database;
let read: Repositories;
let mine: TestAccount;
let theirs: TestAccount;
const IDS = [1000, 1001];
const KEY_USE = { holder: 'person:1', mutation: 'createScript', keyHash: 'k' };
const TOKEN = {
  id: 'token',
  issuedAt: '2025-05-01T00:00:00.000000Z',
  expiresAt: '2025-05-02T00:00:00.000000Z',
};
const AT = '2025-05-01T00:00:00.000000Z';
const PERIOD = statisticsPeriod({ from: '2025-03-01T00:00:00.000000Z' }, AT);

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
  await prisma.scriptVersion.updateMany({
    where: { accountId: account.id },
    data: { title: mark, code: mark },
  });
  await insertRows(prisma, 'script_attachment', account.id, [
    { id: 1000, scriptId: 1000, filename: mark, content: mark, createdAt: AT },
  ]);
  const scheduled = { nextRun: '2025-05-01T00:00:00Z', tags: ['tag'], username: mark };
  await insert(prisma, 'script_profile', account, both(scheduled));
  const onEnrolment = {
    triggerKind: 'event',
    eventType: 'post_enrollment',
    timestamp: null,
    isFinished: null,
  };
  await insert(prisma, 'script_profile', account, [
    { id: 1002, scriptId: 1000, title: 'Event', tags: ['tag'], username: mark, ...onEnrolment },
  ]);
  const computers = IDS.map((id) => ({ id, comment: mark, tokenHash: `of ${id}` }));
  await insert(prisma, 'computer', account, computers);
  await insertRows(prisma, 'computer_tag', account.id, [
    { computerId: 1000, tag: 'tag', position: 1 },
    { computerId: 1001, tag: mark, position: 1 },
  ]);
  await insertRows(prisma, 'agent', account.id, [
    { computerId: 1000, machineId: 'machine', exchangeToken: mark, version: mark, sent: 1 },
  ]);
  await insertRows(prisma, 'removed_agent', account.id, [
    { tokenHash: 'gone', computerId: 1005, removedAt: AT },
  ]);
  await insertRows(prisma, 'saved_search', account.id, [
    { id: 1000, name: 'saved', title: mark, search: 'tag:a' },
  ]);
  await prisma.account.update({ where: { id: account.id }, data: { registrationKeyHash: mark } });
  await read.accessKeys.insert(account.id, account.caller.personId, {
    ...{ key: `KEY-${mark}`, title: mark, secretHash: mark, createdAt: AT, lastUsedAt: null },
  });
  await insertRows(prisma, 'password_link', account.id, [
    { personId: account.caller.personId, tokenHash: 'link', expiresAt: '2025-06-01T00:00:00Z' },
  ]);
  const runs = aRun(1000, 1000, [
    { computerId: 1000, status: 'delivered', deliveryTime: AT, scriptVersion: 1 },
  ]);
  const waiting = aRun(1020, 1001, [{ computerId: 1001, status: 'undelivered' }]);
  const failed = aRun(1010, 1000, [{ computerId: 1000, status: 'failed' }], 'failed');
  await insert(
    prisma,
    'activity',
    account,
    [...runs, ...waiting, ...failed.map((run) => ({ ...run, creationTime: '2025-03-01T00:00:00Z' }))].map(
      (run) => ({
        ...run,
        summary: mark,
        resultText: mark,
      }),
    ),
  );
  await insert(prisma, 'activity', account, [
    { id: 1030, scriptId: 1000, username: mark, timeLimit: limit, summary: mark, status: 'succeeded' },
  ]);
  const run = { id: 1000, scriptProfileId: 1000, occasion: 'hand:1', createdAt: AT, activityId: 1000 };
  await insertRows(prisma, 'run', account.id, [run]);
  const key = { ...KEY_USE, inputHash: mark, seed: mark, resultId: limit, createdAt: AT };
  await insertRows(prisma, 'idempotency_key', account.id, [key]);
  const slot = { firstSlot: AT, lastSlot: AT, number: limit, runId: 1000 };
  await insertRows(prisma, 'slot_entry', account.id, [
    { id: 1000, scriptProfileId: 1000, status: 'fired', reason: null, ...slot },
    { id: 1010, scriptProfileId: 1000, status: 'skipped', reason: 'overlap', ...slot },
  ]);
  const person = { personId: 7, personName: mark, personEmail: mark };
  const event = { createdAt: AT, action: 'SCRIPT_EDITED', ...person, changes: { title: mark } };
  const about = { entityType: 'Script', entityId: 1000, entityTitle: mark };
  await insertRows(prisma, 'event', account.id, [{ id: 1000, ...event, ...about }]);
  return account;
}

const window = firstRows(100);
const by = <Field extends string>(field: Field) => ({ order: { field, direction: 'ASC' as const }, window });
const all = { status: 'ALL' } as const;

/** Numbers of rows of both accounts: common ones, and those that exist only in the other. */
const people = () => [mine.caller.personId, theirs.caller.personId];
const groups = () => [mine.root.id, theirs.root.id];

type Read = (repositories: Repositories, accountId: number) => Promise<unknown>;

/** All methods that read. Each must return rows, because it would prove nothing otherwise. */
const reads: { [Name in keyof Repositories]: Record<string, Read> } = {
  accounts: {
    preferences: ({ accounts }, accountId) => accounts.preferences(accountId),
    byName: ({ accounts }, accountId) => accounts.byName(accountId === mine.id ? 'mine' : 'theirs'),
  },
  people: {
    caller: ({ people }, accountId) =>
      people.caller(accountId === mine.id ? 'mine' : 'theirs', 'jane@example.com'),
    'caller with a token': ({ people }, accountId) =>
      people.caller(accountId === mine.id ? 'mine' : 'theirs', 'jane@example.com', TOKEN),
    byIds: (repositories, accountId) => repositories.people.byIds(accountId, people()),
    byEmails: ({ people }, accountId) => people.byEmails(accountId, ['jane@example.com']),
    page: ({ people }, accountId) =>
      people.page(accountId, { filter: { search: 'jane' }, ...by<PersonOrderField>('NAME') }),
    count: ({ people }, accountId) => people.count(accountId, {}),
    detailsOf: (repositories, accountId) => repositories.people.detailsOf(accountId, people()),
  },
  savedSearches: {
    all: ({ savedSearches }, accountId) => savedSearches.all(accountId),
  },
  accessGroups: {
    all: ({ accessGroups }, accountId) => accessGroups.all(wholeAccount(accountId)),
    byName: ({ accessGroups }, accountId) => accessGroups.byName(wholeAccount(accountId), 'web'),
    contents: ({ accessGroups }, accountId) => {
      const seen = { accountId, computers: 'all', scripts: 'all', scriptProfiles: 'all' } as const;
      return accessGroups.contents(seen, groups());
    },
  },
  computers: {
    page: ({ computers }, accountId) => computers.page(wholeAccount(accountId), { filter: {}, ...by('ID') }),
    'page by tag and group': ({ computers }, accountId) =>
      computers.page(wholeAccount(accountId), {
        filter: { tags: ['tag'], accessGroups: ['global'], search: '1' },
        ...by('TITLE'),
      }),
    'page by query': ({ computers }, accountId) =>
      computers.page(wholeAccount(accountId), {
        filter: { query: computerQuery('access-group-recursive:global tag:tag profile:script:1000') },
        ...by('ID'),
      }),
    count: ({ computers }, accountId) => computers.count(wholeAccount(accountId), {}),
    byIds: ({ computers }, accountId) => computers.byIds(wholeAccount(accountId), IDS),
    forUpdate: ({ computers }, accountId) => computers.forUpdate(wholeAccount(accountId), IDS),
    countReached: ({ computers }, accountId) => computers.countReached(wholeAccount(accountId), targets()),
    pagesReached: ({ computers }, accountId) =>
      computers.pagesReached(wholeAccount(accountId), targets(), by('ID')),
    tags: ({ computers }, accountId) => computers.tags(wholeAccount(accountId)),
    tagCounts: ({ computers }, accountId) => computers.tagCounts(wholeAccount(accountId)),
    'pageJoining to all groups': async ({ computers }, accountId) =>
      Promise.all(
        joinings().map((change) => computers.pageJoining(wholeAccount(accountId), change, by('ID'))),
      ),
    'countJoining to all groups': async ({ computers }, accountId) =>
      Promise.all(joinings().map((change) => computers.countJoining(wholeAccount(accountId), change))),
    cohorts: ({ computers }, accountId) => computers.cohorts(accountId),
    byToken: ({ computers }, accountId) => computers.byToken(accountId, 'of 1000'),
  },
  agents: {
    forUpdate: ({ agents }, accountId) => agents.forUpdate(accountId, 'of 1000', AT),
    deliverable: ({ agents }, accountId) =>
      agents.deliverable(accountId, 1001, { until: null, most: null, now: AT }),
    twins: ({ agents }, accountId) => agents.twins(accountId, 'machine'),
    machineIds: async ({ agents }, accountId) => [...(await agents.machineIds(accountId, IDS))],
    statesOf: ({ agents }, accountId) => agents.statesOf(wholeAccount(accountId), IDS, AT),
    offlineAmong: ({ agents }, accountId) => agents.offlineAmong(wholeAccount(accountId), IDS, AT),
    hasNews: ({ agents }, accountId) => agents.hasNews(accountId, 1000),
    wasRemoved: ({ agents }, accountId) =>
      agents.wasRemoved(accountId, 'gone', '2025-01-01T00:00:00.000000Z'),
    wasComputerRemoved: ({ agents }, accountId) => agents.wasComputerRemoved(accountId, 1005),
    attachment: async ({ agents }, accountId) => {
      const file = await agents.attachment(accountId, 'of 1000', 1000, { from: 0, most: 100 });
      return file && Buffer.from(file.part, 'base64').toString();
    },
  },
  scripts: {
    page: ({ scripts }, accountId) => scripts.page(wholeAccount(accountId), { filter: {}, ...by('TITLE') }),
    count: ({ scripts }, accountId) => scripts.count(wholeAccount(accountId), {}),
    byIds: ({ scripts }, accountId) => scripts.byIds(wholeAccount(accountId), IDS),
    forUpdate: ({ scripts }, accountId) => scripts.forUpdate(wholeAccount(accountId), 1000),
    titleHolder: ({ scripts }, accountId) => scripts.titleHolder(accountId, 'Script 1000'),
  },
  scriptVersions: {
    pagesOf: ({ scriptVersions }, accountId) =>
      scriptVersions.pagesOf(wholeAccount(accountId), IDS, by('NUMBER')),
    countsOf: ({ scriptVersions }, accountId) => scriptVersions.countsOf(wholeAccount(accountId), IDS),
    byNumber: ({ scriptVersions }, accountId) => scriptVersions.byNumber(wholeAccount(accountId), 1000, 1),
    ofExecutions: ({ scriptVersions }, accountId) =>
      scriptVersions.ofExecutions(wholeAccount(accountId), [1001]),
    codes: ({ scriptVersions }, accountId) =>
      scriptVersions.codes(wholeAccount(accountId), [{ scriptId: 1000, number: 1 }]),
  },
  scriptAttachments: {
    of: ({ scriptAttachments }, accountId) => scriptAttachments.of(wholeAccount(accountId), IDS),
    contents: async ({ scriptAttachments }, accountId) => {
      const contents = await scriptAttachments.contents(accountId, [1000, 1001]);
      return contents.map((content) => content && Buffer.from(content, 'base64').toString());
    },
  },
  scriptProfiles: {
    largestReach: ({ scriptProfiles }, accountId) => scriptProfiles.largestReach(accountId),
    page: ({ scriptProfiles }, accountId) =>
      scriptProfiles.page(wholeAccount(accountId), { filter: all, ...by('TITLE') }),
    'page by everything': ({ scriptProfiles }, accountId) =>
      scriptProfiles.page(wholeAccount(accountId), {
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
    'page with extras': ({ scriptProfiles }, accountId) =>
      scriptProfiles.page(
        wholeAccount(accountId),
        { filter: all, ...by('TITLE') },
        { reached: wholeAccount(accountId), lastActivity: { scope: wholeAccount(accountId) }, total: true },
      ),
    one: ({ scriptProfiles }, accountId) =>
      scriptProfiles.one(wholeAccount(accountId), 1000, {
        reached: wholeAccount(accountId),
        lastActivity: { scope: wholeAccount(accountId) },
      }),
    pagesOfScripts: ({ scriptProfiles }, accountId) =>
      scriptProfiles.pagesOfScripts(wholeAccount(accountId), IDS, { filter: all, ...by('TITLE') }),
    countsOfScripts: ({ scriptProfiles }, accountId) =>
      scriptProfiles.countsOfScripts(wholeAccount(accountId), IDS, all),
    byIds: ({ scriptProfiles }, accountId) => scriptProfiles.byIds(wholeAccount(accountId), IDS),
    forUpdate: ({ scriptProfiles }, accountId) => scriptProfiles.forUpdate(wholeAccount(accountId), 1000),
    claim: ({ scriptProfiles }, accountId) => scriptProfiles.claim(accountId, 1000),
    'setOffBy all groups': async ({ scriptProfiles }, accountId) => {
      const setOff = (accessGroupId: number) =>
        scriptProfiles.setOffBy(accountId, { accessGroupId, tags: ['tag'] });
      return Promise.all(groups().map(setOff));
    },
    eventsForUpdate: ({ scriptProfiles }, accountId) => scriptProfiles.eventsForUpdate(accountId),
    ofScriptForUpdate: ({ scriptProfiles }, accountId) => scriptProfiles.ofScriptForUpdate(accountId, 1000),
    active: ({ scriptProfiles }, accountId) => scriptProfiles.active(wholeAccount(accountId)),
    scheduled: ({ scriptProfiles }, accountId) => scriptProfiles.scheduled(wholeAccount(accountId)),
    scheduledForUpdate: ({ scriptProfiles }, accountId) => scriptProfiles.scheduledForUpdate(accountId),
    creationContext: ({ scriptProfiles }, accountId) =>
      scriptProfiles.creationContext(accountId, 'Profile 1000', targets()[0]!),
    countActive: ({ scriptProfiles }, accountId) => scriptProfiles.countActive(accountId),
  },
  activities: {
    page: ({ activities }, accountId) =>
      activities.page(wholeAccount(accountId), { filter: {}, ...by('CREATION_TIME') }),
    'page by everything': ({ activities }, accountId) =>
      activities.page(wholeAccount(accountId), {
        filter: {
          types: ['ExecuteScriptRequest'],
          statuses: ['delivered'],
          parentId: 1000,
          computerId: 1000,
        },
        ...by('CREATION_TIME'),
      }),
    'page by query': ({ activities }, accountId) =>
      activities.page(wholeAccount(accountId), {
        filter: { query: activityQuery('computer:tag:tag creator:jane@example.com') },
        ...by('CREATION_TIME'),
      }),
    'page by statuses and times': ({ activities }, accountId) =>
      activities.page(wholeAccount(accountId), {
        filter: {
          types: ['ExecuteScriptRequest'],
          statuses: ['failed', 'delivered'],
          creationTime: { from: AT.replace('2025', '2024') },
        },
        ...by('CREATION_TIME'),
      }),
    count: ({ activities }, accountId) => activities.count(wholeAccount(accountId), {}),
    'pagesOf a profile': ({ activities }, accountId) =>
      activities.pagesOf(wholeAccount(accountId), 'scriptProfileId', IDS, by('CREATION_TIME')),
    'pagesOf a parent': ({ activities }, accountId) =>
      activities.pagesOf(wholeAccount(accountId), 'parentId', IDS, by('CREATION_TIME')),
    countsOf: ({ activities }, accountId) => activities.countsOf(wholeAccount(accountId), 'parentId', IDS),
    lastOf: ({ activities }, accountId) => activities.lastOf(wholeAccount(accountId), IDS),
    byIds: ({ activities }, accountId) => activities.byIds(wholeAccount(accountId), IDS),
    resultTexts: ({ activities }, accountId) => activities.resultTexts(wholeAccount(accountId), IDS),
    failuresOf: ({ activities }, accountId) => activities.failuresOf(accountId, [1000, 1010], 10),
    runTotalsOf: ({ activities }, accountId) => activities.runTotalsOf(accountId, IDS, PERIOD),
    runTotals: ({ activities }, accountId) => activities.runTotals(wholeAccount(accountId), PERIOD),
    worstProfiles: ({ activities }, accountId) =>
      activities.worstProfiles(wholeAccount(accountId), PERIOD, 10),
    worstComputers: ({ activities }, accountId) =>
      activities.worstComputers(wholeAccount(accountId), PERIOD, 10),
  },
  executions: {
    byId: ({ executions }, accountId) => executions.byId(accountId, 1001),
    'lockRuns of computers': ({ executions }, accountId) =>
      executions.lockRuns(accountId, { computerIds: IDS, in: ['delivered'] }),
    'lockRuns of profiles': ({ executions }, accountId) =>
      executions.lockRuns(accountId, { scriptProfileIds: IDS, in: ['delivered'] }),
    taken: ({ executions }, accountId) => executions.taken(accountId, 1000),
    'taken of these': ({ executions }, accountId) => executions.taken(accountId, 1000, IDS),
    ofComputer: ({ executions }, accountId) => executions.ofComputer(accountId, 1000, IDS),
  },
  runs: {
    ran: ({ runs }, accountId) => runs.ran(accountId, [1000, 1030]),
    sources: ({ runs }, accountId) => runs.sources(accountId, [1000, 1030]),
    computersOf: ({ runs }, accountId) => runs.computersOf(accountId, 1000, 10),
    lastInProgress: ({ runs }, accountId) => runs.lastInProgress(accountId, 1000),
    slotsOf: ({ runs }, accountId) => runs.slotsOf(wholeAccount(accountId), IDS, by('FIRST_SLOT')),
    missedSlots: ({ runs }, accountId) => runs.missedSlots(wholeAccount(accountId), PERIOD, 10),
    slotCountsOf: ({ runs }, accountId) => runs.slotCountsOf(wholeAccount(accountId), IDS),
  },
  events: {
    page: ({ events }, accountId) => events.page(accountId, { filter: {}, ...by('CREATED_AT') }),
    'page by everything': ({ events }, accountId) =>
      events.page(accountId, {
        filter: {
          actions: ['SCRIPT_EDITED'],
          personId: 7,
          createdAt: { from: AT, until: '2025-05-02T00:00:00.000000Z' },
        },
        ...by('CREATED_AT'),
      }),
    count: ({ events }, accountId) => events.count(accountId, {}),
    pagesOf: ({ events }, accountId) =>
      events.pagesOf(accountId, { type: 'Script', ids: IDS }, { filter: {}, ...by('CREATED_AT') }),
    countsOf: ({ events }, accountId) => events.countsOf(accountId, { type: 'Script', ids: IDS }, {}),
    byIds: ({ events }, accountId) => events.byIds(accountId, IDS),
    changesOf: ({ events }, accountId) => events.changesOf(accountId, IDS),
  },
  roles: {
    all: ({ roles }, accountId) => roles.all(accountId),
    byIds: async ({ roles }, accountId) =>
      roles.byIds(
        accountId,
        [...(await roles.all(mine.id)), ...(await roles.all(theirs.id))].map(({ id }) => id),
      ),
  },
  accessKeys: {
    ofPerson: ({ accessKeys }, accountId) =>
      accessKeys.ofPerson(accountId, (accountId === mine.id ? mine : theirs).caller.personId),
  },
  logIns: {},
  tokens: {},
  passwords: {
    hasLink: ({ passwords }, accountId) =>
      Promise.all(people().map((personId) => passwords.hasLink(accountId, personId, 'link'))),
    ownerOfLink: ({ passwords }, accountId) => passwords.ownerOfLink(accountId, 'link', AT),
  },
  limits: {
    of: ({ limits }, accountId) => limits.of(accountId),
    forUpdate: ({ limits }, accountId) => limits.forUpdate(accountId),
  },
  idempotencyKeys: {
    take: ({ idempotencyKeys }, accountId) =>
      idempotencyKeys.take(
        accountId,
        { ...KEY_USE, inputHash: 'new', seed: 'new', at: AT },
        '0001-01-01T00:00:00.000000Z',
      ),
    seedsOf: ({ idempotencyKeys }, accountId) => {
      const { keyHash, ...use } = KEY_USE;
      const keyHashes = [keyHash];
      return idempotencyKeys.seedsOf(accountId, { ...use, keyHashes }, '0001-01-01T00:00:00.000000Z');
    },
  },
};

const targets = () =>
  groups().flatMap((accessGroupId) => [
    { accessGroupId, allComputers: true, tags: [] },
    { accessGroupId, allComputers: false, tags: ['tag'] },
  ]);

/** Changes that add computers: from none to each target, and from the tagged computers to all. */
const joinings = () => {
  const [all, tagged] = targets();
  return [...targets().map((to) => ({ from: null, to })), { from: tagged!, to: all! }];
};

const cases = Object.entries(reads).flatMap(([repository, methods]) =>
  Object.entries(methods).map(([method, run]) => [`${repository}.${method}`, run] as const),
);

/** Runs one read after the other, because each skips rows that another has locked. */
async function inTurn(each: (run: Read) => Promise<unknown>): Promise<unknown[]> {
  const answers = [];
  for (const [, run] of cases) answers.push(await each(run));
  return answers;
}

const writes = [
  ...['createFirst', 'addAdministrator'],
  ...['saveWithAddress', 'countEdits', 'changePerson', 'saveLink', 'takeLink', 'set', 'replace'],
  ...['insert', 'save', 'remove', 'removeAll', 'overwriteVersions', 'savePreferences'],
  ...['lockAgainstRemoval', 'lockForRemoval'],
  ...['saveAttempts', 'undoAttempt', 'clearFailures', 'forgetAttempts', 'lockOwner', 'markUsed'],
  ...['rememberNetwork', 'forgetNetworks'],
  ...['revoke', 'forgetExpired', 'invalidatePerson', 'invalidateAccount'],
  ...['change', 'deliver', 'saveRuns', 'open', 'enterSlots', 'forgetRuns', 'forgetSlots'],
  ...['settle', 'forget', 'removeIntoParent'],
  ...['introduce', 'release'],
  ...['lockMachine', 'rememberRemoved', 'forgetRemoved', 'moveHistory', 'saveIdle', 'savePings'],
];

/**
 * These methods read all accounts: the scheduler's due work, the attempts of a log-in, which belongs to no account yet,
 * and the first account's name.
 */
const acrossAccounts = [
  ...['accounts.ids', 'executions.overdue', 'executions.nextOverdue'],
  ...['executions.lateDeliveries', 'executions.nextLateDelivery'],
  ...['logIns.peopleWith', 'logIns.ownerOf', 'logIns.lockAttempts'],
  ...['logIns.attempts', 'logIns.isKnownNetwork'],
  ...['runs.due', 'runs.nextDue', 'runs.toRelease', 'runs.nextRelease', 'agents.installation'],
];

test('the table lists every reading method of every repository', () => {
  const tried = new Set(cases.map(([name]) => name.split(' ')[0]));
  const missing = Object.entries(read).flatMap(([repository, methods]) =>
    Object.keys(methods)
      .filter(
        (method) =>
          !writes.includes(method) &&
          !tried.has(`${repository}.${method}`) &&
          !acrossAccounts.includes(`${repository}.${method}`),
      )
      .map((method) => `${repository}.${method}`),
  );
  expect(missing).toEqual([]);
});

test.each(cases)('%s returns only its own rows to an account', async (_name, run) => {
  const answer = JSON.stringify(await run(read, mine.id));
  const others = JSON.stringify(await run(read, theirs.id));
  expect(answer).toMatch(/mine|true|[1-9]/);
  expect(answer).not.toMatch(/theirs|\b22\b/);
  expect(others).not.toMatch(/mine|\b11\b/);
});

test('counts are the account’s own, whatever the other has', async () => {
  const all = () => inTurn((run) => run(read, mine.id));
  const before = await all();
  await insert(database.prisma, 'script', theirs, [{ id: 3000, title: 'More' }]);
  await insert(database.prisma, 'script_profile', theirs, [{ id: 3000, title: 'More', scriptId: 1000 }]);
  await insert(database.prisma, 'computer', theirs, [{ id: 3000 }]);
  await insert(
    database.prisma,
    'activity',
    theirs,
    aRun(3000, 1000, [{ computerId: 1000, status: 'failed' }]),
  );
  expect(await all()).toEqual(before);
});

test('a title that the other account uses is free in this one', async () => {
  await insert(database.prisma, 'script', theirs, [{ id: 4000, title: 'Theirs' }]);
  await insert(database.prisma, 'script_profile', theirs, [{ id: 4000, title: 'Theirs', scriptId: 1000 }]);
  expect(await read.scripts.titleHolder(mine.id, 'Theirs')).toBeUndefined();
  expect((await read.scriptProfiles.creationContext(mine.id, 'Theirs', null)).titleHolder).toBeNull();
});

test('a change under a number that both accounts use does not affect the other’s row', async () => {
  const all = async () => JSON.stringify(await inTurn((run) => run(read, theirs.id)));
  const before = await all();
  const at = '2025-06-01T00:00:00.000000Z';
  const script = await read.scripts.forUpdate(wholeAccount(mine.id), 1000);
  const [profile] = await read.scriptProfiles.byIds(wholeAccount(mine.id), [1000]);
  const computers = await read.computers.forUpdate(wholeAccount(mine.id), IDS);
  await read.scripts.save(mine.id, script!, { ...script!, title: 'Changed', versionNumber: 2 });
  await read.scripts.overwriteVersions(mine.id, 1000, { interpreter: '/bin/false', code: 'gone' });
  await read.scriptAttachments.remove(mine.id, 1000, 'theirs');
  await read.scriptAttachments.removeAll(mine.id, 1000);
  const archived = { ...profile!, title: 'Changed', archived: true, nextRun: null };
  await read.scriptProfiles.save(mine.id, profile!, archived);
  await read.computers.save(
    mine.id,
    computers.map((computer) => ({ ...computer, tags: ['changed'] })),
  );
  const runs = await read.executions.lockRuns(mine.id, { computerIds: IDS, in: ['delivered'] });
  const change = { status: 'canceled', resultText: 'changed', completionTime: at } as const;
  await read.executions.change(mine.id, runs, { computerIds: IDS, in: ['delivered'] }, change);
  await read.executions.saveRuns(
    mine.id,
    runs.map((run) => ({ ...run, status: 'failed', completionTime: at })),
  );
  await read.runs.enterSlots(
    mine.id,
    1000,
    [{ firstSlot: at, lastSlot: at, number: 7, status: 'skipped', reason: 'paused' }],
    null,
  );
  await read.runs.forgetRuns(mine.id, at, 10);
  await read.runs.forgetSlots(mine.id, at, 10);
  await read.accounts.savePreferences(mine.id, {
    title: 'Changed',
    autoRegisterNewComputers: true,
    registrationKeyHash: 'changed',
  });
  await read.accessKeys.remove(mine.id, theirs.caller.personId, 'KEY-theirs');
  await read.accessKeys.remove(mine.id, mine.caller.personId, 'KEY-theirs');
  await read.accessKeys.markUsed(mine.id, 'KEY-theirs', at);
  await read.tokens.revoke(mine.id, TOKEN.id, at);
  await read.tokens.invalidatePerson(mine.id, theirs.caller.personId, at);
  await read.tokens.invalidatePerson(mine.id, mine.caller.personId, at);
  await read.tokens.invalidateAccount(mine.id, at);
  const other = {
    ...{ id: theirs.caller.personId, name: 'changed', email: 'changed@example.com' },
    timeZone: 'Europe/Berlin',
  };
  const newPassword = { passwordHash: 'changed', validFrom: at };
  await read.people.save(mine.id, other);
  await read.people.saveWithAddress(mine.id, { ...other, validFrom: at });
  await read.people.countEdits(mine.id, [other.id]);
  const [role] = await read.roles.all(theirs.id);
  await read.roles.changePerson(mine.id, other.id, { given: [], taken: [role!.id] });
  await read.passwords.set(mine.id, other.id, newPassword);
  await read.passwords.replace(mine.id, other.id, { ...newPassword, replacing: 'theirs' });
  await read.passwords.takeLink(mine.id, 'link');
  await read.agents.save(mine.id, 1000, {
    ...NEW_SESSION,
    notifiedStatus: 'pending',
    runsScripts: true,
    typesHash: 'changed',
    exchangeToken: 'changed',
    lastSeenAt: at,
    version: 'changed',
    facts: {},
  });
  await read.agents.savePings(mine.id, IDS, at);
  await read.agents.saveIdle(mine.id, 'of 1000', {
    expected: 0,
    unconfirmedFrom: 0,
    status: 'accepted',
    shownToken: null,
    exchangeToken: 'changed',
    version: 'changed',
  });
  await read.agents.moveHistory(mine.id, 1001, 1000);
  await read.agents.rememberRemoved(mine.id, IDS, at);
  await read.agents.forgetRemoved(mine.id, '2026-01-01T00:00:00.000000Z', 10);
  await read.computers.remove(mine.id, IDS);
  await read.idempotencyKeys.settle(mine.id, KEY_USE, 33);
  await read.idempotencyKeys.forget(mine.id, at, 10);
  await read.limits.save(mine.id, { maxNumComputers: 33, maxNumProfiles: 33, minInterval: 33 });
  const web = await read.accessGroups.byName(wholeAccount(theirs.id), 'web');
  await read.accessGroups.save(mine.id, { ...web!, title: 'changed' });
  await read.accessGroups.removeIntoParent(mine.id, web!);
  expect(await all()).toBe(before);
});
