import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Computer } from '../../src/domain/computer.ts';
import type { Database } from '../../src/persistence/database.ts';
import { anotherConnection, freshDatabase, resetDatabase } from '../support/database.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';
import { atOnce, type Replicas, replicasOver, tally, times } from './at-once.ts';

// Only on PostgreSQL, as the other races.

let database: Database;
let other: Database;
let replicas: Replicas;
let account: TestAccount;
const FLEET = times(6, (index) => 1000 + index);

beforeAll(async () => {
  database = await freshDatabase();
  other = anotherConnection(database);
  replicas = replicasOver(database, other);
});
afterAll(async () => {
  await other.close();
  await database.close();
});
beforeEach(async () => {
  await resetDatabase(database);
  account = await anAccount(database.prisma);
  await insert(
    database.prisma,
    'computer',
    account,
    FLEET.map((id) => ({ id })),
  );
});

const computers = async () => (await replicas[0].computers.byIds(account.caller, FLEET)) as Computer[];

test('tags that are added at once are all kept, on every computer', async () => {
  const tags = times(12, (index) => `tag${index}`);
  const outcomes = await atOnce(
    replicas,
    tags.map(
      (tag, index) => (services) =>
        services.computers.retag(account.caller, index % 2 ? FLEET : FLEET.toReversed(), { add: [tag] }),
    ),
  );
  expect(tally(outcomes)).toEqual({ done: 12 });
  for (const computer of await computers()) expect([...computer.tags].sort()).toEqual(tags.toSorted());
});

test('computers that change their group and their tags at once get both', async () => {
  for (let round = 0; round < 10; round += 1) {
    const group = await replicas[0].accessGroups.create(account.caller, { title: `Group ${round}` });
    const outcomes = await atOnce(replicas, [
      (services) => services.computers.regroup(account.caller, FLEET, group.name),
      (services) => services.computers.retag(account.caller, FLEET, { add: [`tag${round}`] }),
      (services) => services.computers.retag(account.caller, FLEET, { add: [`more${round}`] }),
    ]);
    expect(outcomes).toEqual(['done', 'done', 'done']);
    for (const { accessGroup, tags } of await computers()) {
      expect(accessGroup).toEqual(group);
      expect(tags).toEqual(expect.arrayContaining([`tag${round}`, `more${round}`]));
    }
  }
});

test('accepting at once accepts once: one of the two decides, and both hear the same', async () => {
  for (let round = 0; round < 10; round += 1) {
    const draft = { hostname: `web-${round}`, tags: ['asked'] };
    const principal = { kind: 'person', caller: account.caller } as const;
    const { id } = (await replicas[0].computers.enrol(principal, draft)).computer;
    const heard: Computer[][] = [];
    await atOnce(
      replicas,
      times(4, (index) => async (services) => {
        heard.push(await services.computers.accept(account.caller, [id], { tags: [`by${index}`] }));
      }),
    );
    const [kept] = await replicas[0].computers.byIds(account.caller, [id]);
    expect(kept).toMatchObject({ status: 'accepted', tags: [expect.stringMatching(/^by\d$/)] });
    expect(heard).toEqual(times(4, () => [kept]));
  }
});

test('removing computers while their profile is archived ends all of it, and nobody deadlocks', async () => {
  await insert(database.prisma, 'script', account, [{ id: 1000 }]);
  for (let round = 0; round < 10; round += 1) {
    const fleet = FLEET.map((id) => id + 100 * (round + 1));
    await insert(
      database.prisma,
      'computer',
      account,
      fleet.map((id) => ({ id })),
    );
    const profiles = times(3, (index) => 1000 + 10 * round + index);
    await insert(
      database.prisma,
      'script_profile',
      account,
      profiles.map((id) => ({ id })),
    );
    const runs = profiles.map((profile, index) =>
      aRun(
        10_000 + 1000 * round + 100 * index,
        profile,
        fleet.map((computerId, place) => ({ computerId, status: place % 2 ? 'delivered' : 'undelivered' })),
        'delivered',
      ),
    );
    for (const run of runs) await insert(database.prisma, 'activity', account, run);
    const outcomes = await atOnce(replicas, [
      ...fleet
        .slice(0, 3)
        .map((id) => (services: Replicas[0]) => services.computers.remove(account.caller, id)),
      ...profiles.map((id) => (services: Replicas[0]) => services.scriptProfiles.archive(account.caller, id)),
      ...fleet.slice(3).map((id) => (services: Replicas[0]) => services.computers.remove(account.caller, id)),
    ]);
    expect(tally(outcomes)).toEqual({ done: 9 });
    const parents = await replicas[0].activities.byIds(
      account.caller,
      runs.map(([parent]) => parent!.id),
    );
    expect(parents.map((parent) => parent?.status)).toEqual(['failed', 'failed', 'failed']);
  }
});

test('groups of one name that are made at once leave one', async () => {
  const outcomes = await atOnce(
    replicas,
    times(
      8,
      (index) => (services) =>
        services.accessGroups.create(account.caller, { title: index % 2 ? 'Web servers' : 'web-servers' }),
    ),
  );
  expect(tally(outcomes)).toEqual({ done: 1, TITLE_TAKEN: 7 });
});
