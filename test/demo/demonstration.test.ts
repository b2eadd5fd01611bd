import { beforeEach, describe, expect, test } from '@jest/globals';
import { loadDemonstration } from '../../src/demo/load.ts';
import { wholeAccount } from '../../src/domain/accounts/access.ts';
import { createAccount, savePerson } from '../../src/repositories/accounts/accounts.ts';
import { activityOnThePage, fixture, NOW, World } from './demonstration-world.ts';

const world = new World();
beforeEach(() => world.empty());

describe('the world of the API page', () => {
  test('has the documented profiles, except for the next run that the documentation has wrong', async () => {
    await world.load('page');
    const expected = fixture('list-all').results;
    expect(expected[0].trigger.next_run).toBe('2025-04-23T00:08:00Z');
    expected[0].trigger.next_run = '2026-11-24T08:00:00Z';
    expect(await world.onThePage(await world.profiles())).toEqual(expected);
  });

  test('if loaded before the start of the recurring profile, has its next run at the first match after the start', async () => {
    await world.load('page', '2025-04-11T18:00:00.000000Z');
    const [recurring] = await world.profiles();
    expect(recurring!.nextRun).toBe('2025-04-23T08:00:00.000000Z');
  });

  test('has the documented limits and the one documented activity', async () => {
    await world.load('page');
    const { maxNumComputers, maxNumProfiles, minInterval } = await world.read.limits.of(world.account);
    expect(fixture('limits')).toEqual({
      max_num_computers: maxNumComputers,
      max_num_profiles: maxNumProfiles,
      min_interval: minInterval,
    });
    const activities = await world.activities('ActivityGroup');
    expect(activities.map(activityOnThePage)).toEqual(fixture('activities').results);
    expect(await world.activities('ExecuteScriptRequest')).toEqual([]);
  });

  test('has a tree of access groups in which the root group reaches all computers', async () => {
    await world.load('page');
    const { read, account } = world;
    const groups = await read.accessGroups.all(wholeAccount(account));
    const root = groups.find(({ name }) => name === 'global')!;
    expect(groups.map(({ name, parentId }) => [name, parentId])).toEqual([
      ['desktop', root.id],
      ['global', null],
      ['server', root.id],
    ]);
    const inGroup = (name: string) => read.computers.count(wholeAccount(account), { accessGroups: [name] });
    expect(await Promise.all(['global', 'server', 'desktop'].map(inGroup))).toEqual([20, 20, 0]);
  });

  test('leaves the sequences above its ids', async () => {
    await world.load('page');
    const next = await world.nextIds('person', 'computer', 'script', 'script_profile', 'activity', 'run');
    expect(next).toEqual([2, 21, 36, 6, 2397, 2]);
  });
});

describe('loading', () => {
  test('happens once if several processes load at the same time', async () => {
    const loaded = await Promise.all([world.load('demo'), world.load('demo'), world.load('demo')]);
    expect(loaded.sort()).toEqual([false, false, true]);
    expect(await world.load('page')).toBe(false);
  });

  test('creates the same rows twice if the time is the same', async () => {
    await world.load('demo');
    const first = await world.dump();
    await world.empty();
    await world.load('demo');
    expect(await world.dump()).toEqual(first);
  });

  test('changes nothing in a database that has an account', async () => {
    await createAccount(world.database.prisma, { name: 'other', title: 'Other', now: NOW });
    const before = await world.dump();
    const made = { now: NOW, passwordHash: null };
    expect(await loadDemonstration(world.database.prisma, 'demo', made)).toBe(false);
    expect(await world.dump()).toEqual(before);
  });
});

test('updates the name and password of an existing person, and keeps the id', async () => {
  await world.load('page');
  const { prisma } = world.database;
  const john = {
    accountId: world.account,
    email: 'john@example.com',
    name: 'John',
    passwordHash: 'new',
    now: NOW,
  };
  expect(await savePerson(prisma, john)).toBe(1);
  const people = await prisma.person.findMany();
  expect(people.map(({ name, passwordHash }) => [name, passwordHash])).toEqual([['John', 'new']]);
});
