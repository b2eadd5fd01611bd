import { expect, test } from '@jest/globals';
import type { Computer } from '../../src/domain/computers/computer.ts';
import { type Replicas, ReplicaWorld } from '../support/replicas.ts';
import { aRun, insert } from '../support/rows.ts';
import { atOnce, tally, times } from './at-once.ts';

export function computerConcurrency(): void {
  // Only on PostgreSQL, like the other races.

  const FLEET = times(6, (index) => 1000 + index);

  const world = new ReplicaWorld(async ({ database, account }) => {
    await insert(
      database.prisma,
      'computer',
      account,
      FLEET.map((id) => ({ id })),
    );
  });

  const computers = async () =>
    (await world.replicas[0].computers.byIds(world.account.caller, FLEET)) as Computer[];

  test('tags that are added concurrently are all kept, on every computer', async () => {
    const tags = times(12, (index) => `tag${index}`);
    const outcomes = await atOnce(
      world.replicas,
      tags.map(
        (tag, index) => (services) =>
          services.computers.retag(world.account.caller, index % 2 ? FLEET : FLEET.toReversed(), {
            add: [tag],
          }),
      ),
    );
    expect(tally(outcomes)).toEqual({ done: 12 });
    for (const computer of await computers()) expect([...computer.tags].sort()).toEqual(tags.toSorted());
  });

  test('computers whose group and tags change concurrently get both changes', async () => {
    for (let round = 0; round < 10; round += 1) {
      const group = await world.replicas[0].accessGroups.create(world.account.caller, {
        title: `Group ${round}`,
      });
      const outcomes = await atOnce(world.replicas, [
        (services) => services.computers.regroup(world.account.caller, FLEET, group.name),
        (services) => services.computers.retag(world.account.caller, FLEET, { add: [`tag${round}`] }),
        (services) => services.computers.retag(world.account.caller, FLEET, { add: [`more${round}`] }),
      ]);
      expect(outcomes).toEqual(['done', 'done', 'done']);
      for (const { accessGroup, tags } of await computers()) {
        expect(accessGroup).toEqual(group);
        expect(tags).toEqual(expect.arrayContaining([`tag${round}`, `more${round}`]));
      }
    }
  });

  test('concurrent acceptances accept once: one of them decides, and both return the same', async () => {
    for (let round = 0; round < 10; round += 1) {
      const draft = { hostname: `web-${round}`, tags: ['asked'] };
      const principal = { kind: 'person', caller: world.account.caller } as const;
      const { id } = (await world.replicas[0].computers.enrol(principal, draft)).computer;
      const accepted: Computer[][] = [];
      await atOnce(
        world.replicas,
        times(4, (index) => async (services) => {
          accepted.push(
            await services.computers.accept(world.account.caller, [id], { tags: [`by${index}`] }),
          );
        }),
      );
      const [stored] = await world.replicas[0].computers.byIds(world.account.caller, [id]);
      expect(stored).toMatchObject({ status: 'accepted', tags: [expect.stringMatching(/^by\d$/)] });
      expect(accepted).toEqual(times(4, () => [stored]));
    }
  });

  test('removing computers while their profile is archived ends everything, without a deadlock', async () => {
    await insert(world.database.prisma, 'script', world.account, [{ id: 1000 }]);
    for (let round = 0; round < 10; round += 1) {
      const fleet = FLEET.map((id) => id + 100 * (round + 1));
      await insert(
        world.database.prisma,
        'computer',
        world.account,
        fleet.map((id) => ({ id })),
      );
      const profiles = times(3, (index) => 1000 + 10 * round + index);
      await insert(
        world.database.prisma,
        'script_profile',
        world.account,
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
      for (const run of runs) await insert(world.database.prisma, 'activity', world.account, run);
      const outcomes = await atOnce(world.replicas, [
        ...fleet
          .slice(0, 3)
          .map((id) => (services: Replicas[0]) => services.computers.remove(world.account.caller, id)),
        ...profiles.map(
          (id) => (services: Replicas[0]) => services.scriptProfiles.archive(world.account.caller, id),
        ),
        ...fleet
          .slice(3)
          .map((id) => (services: Replicas[0]) => services.computers.remove(world.account.caller, id)),
      ]);
      expect(tally(outcomes)).toEqual({ done: 9 });
      const parents = await world.replicas[0].activities.byIds(
        world.account.caller,
        runs.map(([parent]) => parent!.id),
      );
      expect(parents.map((parent) => parent?.status)).toEqual(['failed', 'failed', 'failed']);
    }
  });

  test('groups of one name that are created concurrently result in one', async () => {
    const outcomes = await atOnce(
      world.replicas,
      times(
        8,
        (index) => (services) =>
          services.accessGroups.create(world.account.caller, {
            title: index % 2 ? 'Web servers' : 'web-servers',
          }),
      ),
    );
    expect(tally(outcomes)).toEqual({ done: 1, TITLE_TAKEN: 7 });
  });
}
