import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Change } from '../../src/domain/change.ts';
import { firstRows } from '../../src/domain/page.ts';
import { CHANGES_CHANNEL, parseChange } from '../../src/repositories/changes.ts';
import { createStore } from '../../src/repositories/store.ts';
import { every, once, onEnrolment } from '../support/builders.ts';
import { type ClockWorld, clockWorld } from '../support/clock-world.ts';

export function changes(): void {
  // Listeners are notified of a transaction's changes after it is committed.

  let world: ClockWorld;
  let listener: { stop(): Promise<void> };
  let received: (Change | undefined)[] = [];
  let word = { said: '', arrived: () => {} };

  beforeAll(async () => {
    world = await clockWorld();
    world.setNow('2025-05-01T07:30');
    listener = await world.database.listen(CHANGES_CHANNEL, (payload) => {
      if (payload === word.said) word.arrived();
      else if (payload !== undefined) received.push(parseChange(payload));
    });
  });
  afterAll(async () => {
    await listener.stop();
    await world.close();
  });

  /** Collects the notifications of an act. Sends a marker before and after it to find them. */
  async function changesOf(act: () => Promise<unknown>): Promise<(Change | undefined)[]> {
    await awaitMarker();
    received = [];
    await act();
    await awaitMarker();
    return received;
  }
  /** The notifications without those about the event log. */
  const changesBy = async (act: () => Promise<unknown>) =>
    (await changesOf(act)).filter((change) => change?.kind !== 'event');
  const eventsBy = async (act: () => Promise<unknown>) =>
    (await changesOf(act)).filter((change) => change?.kind === 'event');
  async function awaitMarker(): Promise<void> {
    const arrival = new Promise<void>((arrived) => {
      word = { said: randomUUID(), arrived };
    });
    await world.database.prisma.$queryRaw`select pg_notify(${CHANGES_CHANNEL}, ${word.said})::text`;
    await arrival;
  }
  const profileChange = (id: number, change: string) => ({
    kind: 'scriptProfile',
    accountId: world.caller.accountId,
    id,
    change,
  });
  const computersChange = () => ({ kind: 'computers', accountId: world.caller.accountId });
  const runChange = (id: number, change: string) => ({ ...profileChange(id, change), kind: 'run' });

  let number = 0;
  const create = (trigger: object = every('0 8 * * *'), overrides: object = {}) => {
    number += 1;
    return world.create(`Profile ${number}`, trigger, overrides);
  };
  const runNow = (id: number, more: object = {}) => {
    number += 1;
    return world.services.runs.runNow(world.caller, id, { idempotencyKey: `run ${number}`, ...more });
  };
  const lastRun = async (id: number) => (await world.runs(id))[0]!.id;

  describe('a script profile’s change is published if it is', () => {
    test('created, edited, paused, resumed or archived, but not without a change', async () => {
      const { scriptProfiles } = world.services;
      let id = 0;
      const made = await changesBy(async () => {
        id = await create();
      });
      expect(made).toEqual([profileChange(id, 'CREATED')]);
      const acts: [string, () => Promise<unknown>][] = [
        ['EDITED', () => scriptProfiles.update(world.caller, id, { username: 'nobody' })],
        ['PAUSED', () => scriptProfiles.pause(world.caller, id, null)],
        ['RESUMED', () => scriptProfiles.resume(world.caller, id)],
        ['ARCHIVED', () => scriptProfiles.archive(world.caller, id)],
      ];
      for (const [change, act] of acts) {
        expect(await changesBy(act)).toEqual([profileChange(id, change)]);
        if (change !== 'ARCHIVED') expect(await changesBy(act)).toEqual([]);
      }
    });

    test('archived with its script', async () => {
      const { scripts } = world.services;
      const script = await scripts.create(world.caller, {
        title: 'Short-lived',
        interpreter: '/bin/sh',
        code: 'ls',
        timeLimit: 60,
        username: 'root',
      });
      const ids = [
        await create(undefined, { scriptId: script.id }),
        await create(undefined, { scriptId: script.id }),
      ];
      const changes = await changesBy(() => scripts.archive(world.caller, script.id));
      expect(changes).toEqual(ids.map((id) => profileChange(id, 'ARCHIVED')));
    });

    test('moved to another time by a new minimum interval', async () => {
      const id = await create(every('*/10 * * * *'));
      await changesBy(() => world.tick.fire());
      const changes = await changesBy(() => world.services.limits.update(world.caller, { minInterval: 120 }));
      expect(changes).toContainEqual(profileChange(id, 'RESCHEDULED'));
      await world.services.limits.update(world.caller, { minInterval: 60 });
      await world.services.scriptProfiles.archive(world.caller, id);
    });
  });

  test('the acceptance, rejection and removal of computers is published, but not without a change', async () => {
    const { computers } = world.services;
    const enrol = async (hostname: string) => {
      const by = { kind: 'person', caller: world.caller } as const;
      return (await computers.enrol(by, { hostname })).computer.id;
    };
    const [accepted, rejected] = [await enrol('accepted'), await enrol('rejected')];
    const accept = () => computers.accept(world.caller, [accepted], {});
    expect(await changesBy(accept)).toEqual([computersChange()]);
    expect(await changesBy(accept)).toEqual([]);
    expect(await changesBy(() => computers.reject(world.caller, [rejected]))).toEqual([computersChange()]);
    expect(await changesBy(() => computers.remove(world.caller, accepted))).toEqual([computersChange()]);
  });

  test('an entry of the event log is published with its number, its object and the previous group of a computer', async () => {
    const { computers, events } = world.services;
    const { accountId } = world.caller;
    const of = (type: string, id: number, more: object = {}) => ({ type, id, ...more });
    const log = async () => {
      const window = firstRows(2);
      const order = { field: 'CREATED_AT', direction: 'DESC' } as const;
      return (await events.page(world.caller, { filter: {}, order, window })).rows.map(({ id }) => id);
    };
    const by = { kind: 'person', caller: world.caller } as const;
    const ids: number[] = [];
    for (const hostname of ['one', 'two'])
      ids.push((await computers.enrol(by, { hostname, accessGroup: 'server' })).computer.id);
    const [one, two] = ids as [number, number];
    const group = (await computers.byIds(world.caller, [one]))[0]!.accessGroup.id;

    world.passMinutes(1);
    const regrouped = await eventsBy(() => computers.regroup(world.caller, ids, 'desktop'));
    const [second, first] = await log();
    expect(regrouped).toEqual(
      [
        [first, one],
        [second, two],
      ].map(([id, computer]) => ({
        ...{ kind: 'event', accountId, id, action: 'COMPUTER_EDITED' },
        entity: of('Computer', computer!, { accessGroupId: group }),
      })),
    );
    expect(await eventsBy(() => computers.regroup(world.caller, ids, 'desktop'))).toEqual([]);
    let profile = 0;
    const made = await eventsBy(async () => {
      profile = await create();
    });
    const entity = of('ScriptProfile', profile);
    expect(made).toMatchObject([{ action: 'SCRIPT_PROFILE_CREATED', entity }]);
    await computers.reject(world.caller, ids);
  });

  describe('a run is published, together with its profile, if', () => {
    test('the scheduler fires it', async () => {
      const id = await create(once('2025-05-01T07:00'));
      const changes = await changesBy(() => world.tick.fire());
      expect(changes).toEqual([runChange(await lastRun(id), 'STARTED'), profileChange(id, 'RAN')]);
    });

    test('a computer enrols', async () => {
      const id = await create(onEnrolment, { tags: ['newcomer'], allComputers: false });
      const { computer } = await world.services.computers.enrol(
        { kind: 'person', caller: world.caller },
        { hostname: 'newcomer', tags: ['newcomer'] },
      );
      const changes = await changesBy(() => world.services.computers.accept(world.caller, [computer.id], {}));
      expect(changes).toEqual([
        computersChange(),
        runChange(await lastRun(id), 'STARTED'),
        profileChange(id, 'RAN'),
      ]);
    });

    test('a person runs it, but not a retry with the same key', async () => {
      const id = await create();
      const again = () => world.services.runs.runNow(world.caller, id, { idempotencyKey: 'by hand' });
      const changes = await changesBy(again);
      expect(changes).toEqual([runChange(await lastRun(id), 'STARTED'), profileChange(id, 'RAN')]);
      expect(await changesBy(again)).toEqual([]);
    });
  });

  test('a skipped slot moves the profile on, without starting a run', async () => {
    const id = await create(every('0 8 * * *'), { overlap: 'SKIP', tags: ['slow'], allComputers: false });
    const [computerId] = await reached();
    await world.services.computers.retag(world.caller, [computerId!], { add: ['slow'] });
    world.setNow('2025-05-01T08:00:01');
    await world.tick.fire();
    await world.services.executions.take(
      { accountId: world.caller.accountId, computerId: computerId! },
      1000,
    );
    world.setNow('2025-05-02T08:00:01');
    expect(await changesBy(() => world.tick.fire())).toContainEqual(profileChange(id, 'RESCHEDULED'));
  });

  const reached = async () => {
    const window = firstRows(4);
    const listing = {
      filter: { statuses: ['accepted'] as const },
      order: { field: 'ID', direction: 'ASC' } as const,
      window,
    };
    return (await world.services.computers.page(world.caller, listing)).rows.map(({ id }) => id);
  };

  describe('the progress of a run is published when', () => {
    const open = async () => {
      const computerIds = (await reached()).slice(0, 2);
      const run = await runNow(await create(), { computerIds });
      const asComputer = computerIds.map((computerId) => ({ accountId: world.caller.accountId, computerId }));
      const { executions } = world.services;
      const take = (index: number) => executions.take(asComputer[index]!, 1000);
      const report = async (index: number) => {
        const of = (await take(index)).find(
          ({ environment }) => environment.activityCreationTime === world.now(),
        );
        await executions.report(asComputer[index]!, of!.id, { succeeded: true });
      };
      return { run, take, report };
    };

    test('its executions are taken and reported, including the last one', async () => {
      world.passMinutes(1);
      const { run, take, report } = await open();
      expect(await changesBy(() => take(0))).toContainEqual(runChange(run.id, 'PROGRESSED'));
      expect(await changesBy(() => report(0))).toEqual([runChange(run.id, 'PROGRESSED')]);
      await take(1);
      expect(await changesBy(() => report(1))).toEqual([runChange(run.id, 'ENDED')]);
    });

    test('it is canceled, and when a late report changes the outcome', async () => {
      world.passMinutes(1);
      const { run, take, report } = await open();
      await take(0);
      const cancel = () => world.services.executions.cancel(world.caller, run.id);
      expect(await changesBy(cancel)).toEqual([runChange(run.id, 'ENDED')]);
      expect(await changesBy(cancel)).toEqual([]);
      expect(await changesBy(() => report(0))).toEqual([runChange(run.id, 'PROGRESSED')]);
    });
  });

  test('a transaction that is rolled back publishes nothing', async () => {
    const { accountId } = world.caller;
    const failing = createStore(world.database.prisma).transaction(async (tx) => {
      tx.announce({ kind: 'access', accountId, personId: null });
      throw new Error('no');
    });
    expect(await changesBy(() => failing.catch(() => {}))).toEqual([]);
  });

  test('equal changes are published once, in one statement with all others', async () => {
    const { accountId } = world.caller;
    const changes: Change[] = Array.from({ length: 1000 }, (_, index) => ({
      kind: 'run',
      accountId,
      id: index >> 1,
      change: 'PROGRESSED',
    }));
    const announced = await changesBy(() =>
      createStore(world.database.prisma).transaction(async (tx) => tx.announce(...changes)),
    );
    expect(announced).toEqual(changes.filter((_, index) => index % 2 === 0));
  });

  test.each(['', '{', 'null', '7', '{"kind":"something newer"}'])(
    'an unknown notification of another version, %j, is ignored',
    (payload) => {
      expect(parseChange(payload)).toBeUndefined();
    },
  );
}
