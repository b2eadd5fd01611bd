import { describe, expect, test } from '@jest/globals';
import { firstRows } from '../../src/domain/page.ts';
import { createStore } from '../../src/repositories/store.ts';
import { aDraft, every } from '../support/builders.ts';
import { type Replicas, ReplicaWorld } from '../support/replicas.ts';
import { anAccount, insert } from '../support/rows.ts';
import { blockedSessions, waitUntilBlocked } from '../support/waiting.ts';
import { atOnce, tally, times } from './at-once.ts';

export function concurrency(): void {
  // Only on PostgreSQL, because the embedded database runs one transaction after another, so these tests could not fail
  // there.

  /** Several, so that only the account is shared. */
  const SCRIPTS = times(7, (index) => 1000 + index);
  let drafts = 0;
  const anyScript = () => SCRIPTS[drafts++ % SCRIPTS.length]!;

  const world = new ReplicaWorld(async ({ database, account }) => {
    await insert(
      database.prisma,
      'script',
      account,
      SCRIPTS.map((id) => ({ id })),
    );
  });

  const draft = (title: string, scriptId = anyScript()) => aDraft({ title, scriptId });
  const create =
    (title: string, scriptId = anyScript()) =>
    (services: Replicas[0]) =>
      services.scriptProfiles.create(world.account.caller, draft(title, scriptId));

  async function profiles(status: 'ALL' | 'ACTIVE' | 'ARCHIVED' = 'ALL', scriptId?: number) {
    const { rows } = await world.replicas[0].scriptProfiles.page(world.account.caller, {
      filter: { status, scriptIds: scriptId === undefined ? null : [scriptId] },
      order: { field: 'CREATED_AT', direction: 'ASC' },
      window: firstRows(1000),
    });
    return rows;
  }

  test('two transactions really run at the same time', async () => {
    const stores = [createStore(world.database.prisma), createStore(world.other.prisma)] as const;
    let number = 0;
    let bothAreIn = () => {};
    const both = new Promise<void>((resolve) => {
      bothAreIn = resolve;
    });
    await Promise.all(
      stores.map((store) =>
        store.transaction(async (tx) => {
          await tx.limits.of(world.account.id);
          number += 1;
          if (number === 2) bothAreIn();
          await both;
        }),
      ),
    );
    expect(number).toBe(2);
  });

  describe('creating', () => {
    test('fifty at once with a limit of ten leaves ten, and refuses forty because of the limit', async () => {
      const outcomes = await atOnce(
        world.replicas,
        times(50, (index) => create(`Profile ${index}`)),
      );
      expect(tally(outcomes)).toEqual({ done: 10, PROFILE_LIMIT: 40 });
      expect(await profiles()).toHaveLength(10);
    });

    test('twenty at once with one title leaves one, and refuses the others because of the title', async () => {
      const outcomes = await atOnce(
        world.replicas,
        times(20, () => create('The same')),
      );
      expect(tally(outcomes)).toEqual({ done: 1, TITLE_TAKEN: 19 });
      expect(await profiles()).toHaveLength(1);
    });

    test('while profiles are archived, gives each freed place to at most one', async () => {
      await atOnce(
        world.replicas,
        times(10, (index) => create(`Old ${index}`)),
      );
      const old = await profiles();
      const outcomes = await atOnce(world.replicas, [
        ...old.slice(0, 5).map(
          ({ id }) =>
            (services: Replicas[0]) =>
              services.scriptProfiles.archive(world.account.caller, id),
        ),
        ...times(20, (index) => create(`New ${index}`)),
      ]);
      const created = outcomes.slice(5).filter((outcome) => outcome === 'done').length;
      expect(created).toBeLessThanOrEqual(5);
      expect(await profiles('ACTIVE')).toHaveLength(5 + created);
    });

    test('while the limits change, exceeds none but the largest of them', async () => {
      for (let round = 0; round < 5; round += 1) {
        const outcomes = await atOnce(world.replicas, [
          ...times(15, (index) => create(`Profile ${round} ${index}`)),
          ...times(
            6,
            (index) => (services: Replicas[0]) =>
              services.limits.update(world.account.caller, {
                maxNumProfiles: index % 2 ? 8 : 4,
                minInterval: 60 + index,
              }),
          ),
        ]);
        expect(new Set(outcomes)).toEqual(new Set(round === 0 ? ['done', 'PROFILE_LIMIT'] : outcomes));
        expect((await profiles()).length).toBeLessThanOrEqual(10);
      }
    });

    test('for a script that is being archived never leaves an active profile', async () => {
      for (let round = 0; round < 20; round += 1) {
        const script = 2000 + round;
        await insert(world.database.prisma, 'script', world.account, [{ id: script }]);
        const outcomes = await atOnce(world.replicas, [
          create(`A ${round}`, script),
          (services) => services.scripts.archive(world.account.caller, script),
          create(`B ${round}`, script),
          create(`C ${round}`, script),
        ]);
        expect(outcomes[1]).toBe('done');
        expect(['done', 'SCRIPT_NOT_ACTIVE']).toEqual(expect.arrayContaining(outcomes));
        expect(await profiles('ACTIVE', script)).toEqual([]);
      }
    });

    test('in one account does not wait for another account', async () => {
      const neighbour = await anAccount(world.database.prisma, 'neighbour', 'joe@example.com');
      await insert(world.database.prisma, 'script', neighbour, [{ id: 1000 }]);
      await createStore(world.other.prisma).transaction(async (tx) => {
        await tx.limits.forUpdate(world.account.id);
        await world.replicas[0].scriptProfiles.create(neighbour.caller, draft('Unhindered', 1000));
      });
    });
  });

  test.each<[string, () => Promise<unknown>]>([
    ['creates a profile', () => create('A', 1000)(world.replicas[0])],
    ['edits a script', () => world.replicas[0].scripts.edit(world.account.caller, 1000, { title: 'A' })],
  ])(
    'a caller who %s, and is canceled while waiting for the account’s lock, gets UNAVAILABLE',
    async (_, act) => {
      await createStore(world.other.prisma).transaction(async (tx) => {
        await tx.limits.forUpdate(world.account.id);
        const refused = expect(act()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
        await waitUntilBlocked(world.database);
        await world.database.prisma.$queryRawUnsafe(
          `SELECT pg_cancel_backend(pid) FROM (${blockedSessions()}) blocked`,
        );
        await refused;
      });
    },
  );

  describe('editing', () => {
    test('several profiles to one title at once leaves it to one of them', async () => {
      await atOnce(
        world.replicas,
        times(8, (index) => create(`Profile ${index}`)),
      );
      const outcomes = await atOnce(
        world.replicas,
        (await profiles()).map(
          ({ id }) =>
            (services) =>
              services.scriptProfiles.update(world.account.caller, id, { title: 'The same' }),
        ),
      );
      expect(tally(outcomes)).toEqual({ done: 1, TITLE_TAKEN: 7 });
      expect((await profiles()).filter(({ title }) => title === 'The same')).toHaveLength(1);
    });

    test('one profile from many sides at once loses no edit: each counts, and each field has its last value', async () => {
      const { id } = await world.replicas[0].scriptProfiles.create(world.account.caller, draft('Profile'));
      const edits = times(20, (index) =>
        index % 2 ? { timeLimit: 1000 + index } : { tags: [`tag${index}`] },
      );
      const versions: number[] = [];
      await atOnce(
        world.replicas,
        edits.map((edit) => async (services) => {
          versions.push((await services.scriptProfiles.update(world.account.caller, id, edit)).version);
        }),
      );
      expect(versions.sort((a, b) => a - b)).toEqual(times(20, (index) => index + 2));
      const [profile] = await profiles();
      expect(profile).toMatchObject({ version: 21 });
      expect(profile!.timeLimit).toBeGreaterThan(1000);
      expect(profile!.tags).toEqual([expect.stringMatching(/^tag\d+$/)]);
    });

    test('profiles of a script that is being archived ends with all archived, without a deadlock', async () => {
      await world.replicas[0].limits.update(world.account.caller, { maxNumProfiles: 1000 });
      for (let round = 0; round < 20; round += 1) {
        const script = 2000 + round;
        await insert(world.database.prisma, 'script', world.account, [{ id: script }]);
        await atOnce(
          world.replicas,
          times(4, (index) => create(`Profile ${round} ${index}`, script)),
        );
        const ids = (await profiles('ACTIVE', script)).map(({ id }) => id);
        const outcomes = await atOnce(world.replicas, [
          ...ids.map(
            (id) => (services: Replicas[0]) =>
              services.scriptProfiles.update(world.account.caller, id, { timeLimit: 7 }),
          ),
          (services) => services.scripts[round % 2 ? 'archive' : 'redact'](world.account.caller, script),
          ...ids
            .toReversed()
            .map(
              (id) => (services: Replicas[0]) => services.scriptProfiles.archive(world.account.caller, id),
            ),
          (services) => services.limits.update(world.account.caller, { minInterval: 30 + round }),
          ...ids
            .toReversed()
            .map(
              (id) => (services: Replicas[0]) =>
                services.scriptProfiles.update(world.account.caller, id, { trigger: every('5 * * * *') }),
            ),
        ]);
        expect(['done', 'PROFILE_ARCHIVED']).toEqual(expect.arrayContaining(outcomes));
        expect(await profiles('ACTIVE', script)).toEqual([]);
      }
    });

    test('a script while it is archived: each edit counts or is refused as archived, and none loses the script', async () => {
      for (let round = 0; round < 20; round += 1) {
        const script = 2000 + round;
        await insert(world.database.prisma, 'script', world.account, [{ id: script }]);
        const edits = times(
          6,
          (index) => (services: Replicas[0]) =>
            services.scripts.edit(world.account.caller, script, { code: `echo ${index}` }),
        );
        const end = (services: Replicas[0]) =>
          services.scripts[round % 2 ? 'archive' : 'redact'](world.account.caller, script);
        const outcomes = await atOnce(world.replicas, [...edits.slice(0, 3), end, ...edits.slice(3)]);
        expect(outcomes[3]).toBe('done');
        expect(['done', 'SCRIPT_NOT_ACTIVE']).toEqual(expect.arrayContaining(outcomes));
        const [stored] = await world.replicas[1].scripts.byIds(world.account.caller, [script]);
        expect(stored).toMatchObject({
          versionNumber: tally(outcomes).done,
          status: round % 2 ? 'ARCHIVED' : 'REDACTED',
        });
      }
    });

    test('a script whose creation is retried, while it is edited and gets profiles, causes no deadlock', async () => {
      await world.replicas[0].limits.update(world.account.caller, { maxNumProfiles: 1000 });
      const script = {
        title: 'Retried',
        interpreter: '/bin/sh',
        code: 'true',
        timeLimit: 300,
        username: 'root',
      };
      const make = (services: Replicas[0]) =>
        services.scripts.create(world.account.caller, script, 'a key of this test');
      const { id } = await make(world.replicas[0]);
      for (let round = 0; round < 10; round += 1) {
        const edit = (services: Replicas[0]) =>
          services.scripts.edit(world.account.caller, id, { code: `echo ${round}` });
        const use = create(`Profile ${round}`, id);
        const duplicate = (services: Replicas[0]) =>
          services.scriptProfiles.duplicate(world.account.caller, source.id, { title: `Another ${round}` });
        const source = await use(world.replicas[0]);
        const outcomes = await atOnce(world.replicas, [
          make,
          edit,
          duplicate,
          make,
          duplicate,
          edit,
          make,
          make,
        ]);
        expect(['done', 'TITLE_TAKEN']).toEqual(expect.arrayContaining(outcomes));
        await world.replicas[0].scriptProfiles.archive(world.account.caller, source.id);
      }
    });

    test('two scripts to one title at once leaves it to one of them', async () => {
      await insert(
        world.database.prisma,
        'script',
        world.account,
        times(6, (index) => ({ id: 2000 + index })),
      );
      const outcomes = await atOnce(
        world.replicas,
        times(
          6,
          (index) => (services) =>
            services.scripts.edit(world.account.caller, 2000 + index, { title: 'The same' }),
        ),
      );
      expect(tally(outcomes)).toEqual({ done: 1, TITLE_TAKEN: 5 });
    });
  });

  test('of twenty concurrent edits with the same expected version, one succeeds, and the others receive its result', async () => {
    const { id, version } = await create('Contested')(world.replicas[0]);
    const outcomes = await atOnce(
      world.replicas,
      times(
        20,
        (index) => (services) =>
          services.scriptProfiles.update(world.account.caller, id, { timeLimit: 1000 + index }, version),
      ),
    );
    expect(tally(outcomes)).toEqual({ done: 1, VERSION_CLASH: 19 });
    const [profile] = await profiles();
    expect(profile).toMatchObject({ version: version + 1, timeLimit: 1000 + outcomes.indexOf('done') });
  });
}
