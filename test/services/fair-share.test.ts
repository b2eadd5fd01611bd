import { describe, expect, jest, test } from '@jest/globals';
import { connectionShares } from '../../src/services/fairness/connection-shares.ts';
import { FairShare } from '../../src/services/fairness/fair-share.ts';
import { inSlices, mapInSlices } from '../../src/services/fairness/slices.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Work that ends on command, with the number of running pieces by key. */
function workshop() {
  const underWay: string[] = [];
  const ends: ((how?: 'fails') => void)[] = [];
  const work = (key: string) => () =>
    new Promise<void>((resolve, reject) => {
      underWay.push(key);
      ends.push((how) => {
        underWay.splice(underWay.indexOf(key), 1);
        if (how) reject(new Error('The work fails.'));
        else resolve();
      });
    });
  return { underWay, work, endFirst: (how?: 'fails') => ends.shift()!(how) };
}

describe('turns for a scarce resource', () => {
  test('one key gets at most its share, and others get theirs immediately', async () => {
    const { underWay, work } = workshop();
    const share = new FairShare<string>({ each: 2 });
    for (const key of ['a', 'a', 'a', 'a', 'b']) void share.run(key, work(key));
    await settled();
    expect(underWay.toSorted()).toEqual(['a', 'a', 'b']);
  });

  test('all keys together get at most the total, in order of arrival', async () => {
    const { underWay, work, endFirst } = workshop();
    const share = new FairShare<string>({ each: 1, all: 2 });
    for (const key of ['a', 'b', 'a', 'c']) void share.run(key, work(key));
    await settled();
    expect(underWay).toEqual(['a', 'b']);
    endFirst();
    await settled();
    expect(underWay).toEqual(['b', 'a']);
    endFirst();
    await settled();
    expect(underWay).toEqual(['a', 'c']);
  });

  test('failed work ends its turn, and a turn ends once', async () => {
    const share = new FairShare<string>({ each: 1 });
    await expect(share.run('a', () => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
    const end = await share.enter('a');
    end();
    end();
    const { underWay, work } = workshop();
    for (const _ of [1, 2]) void share.run('a', work('a'));
    await settled();
    expect(underWay).toEqual(['a']);
  });
});

describe('database connections', () => {
  const service = () => {
    const { underWay, work, endFirst } = workshop();
    const shared = connectionShares()({ read: (who: object) => work((who as { name: string }).name)() });
    return { underWay, endFirst, read: (who: object) => void shared.read(who).catch(() => {}) };
  };

  test('a request gets two, its account five, and another account its own in addition', async () => {
    const { underWay, read } = service();
    for (let request = 0; request < 10; request += 1) {
      const caller = { accountId: 1, personId: 1, name: `request ${request}` };
      for (const _ of [1, 2, 3]) read(caller);
    }
    read({ accountId: 2, personId: 1, name: 'other' });
    await settled();
    expect(underWay.filter((name) => name === 'request 0')).toHaveLength(2);
    expect(underWay.filter((name) => name.startsWith('request'))).toHaveLength(5);
    expect(underWay).toContain('other');
  });

  test('accounts whose work does not end leave most connections to others, until it succeeds', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
    try {
      const { underWay, read, endFirst } = service();
      const ask = (accountId: number) => read({ accountId, personId: 1, name: `${accountId}` });
      for (const account of [1, 2, 3, 4]) ask(account);
      await settled();
      jest.advanceTimersByTime(5_000);
      for (const _ of [1, 2, 3, 4]) endFirst('fails');
      await settled();
      for (const account of [1, 1, 2, 3, 4]) ask(account);
      await settled();
      for (const _ of [1, 2]) ask(5);
      await settled();
      expect(underWay.toSorted()).toEqual(['1', '2', '3', '5', '5']);
      // The first piece of account 1 succeeds, so the second one runs, and the next gets its usual share.
      endFirst();
      await settled();
      for (const _ of [1, 2]) ask(1);
      await settled();
      expect(underWay.filter((name) => name === '1')).toHaveLength(3);
    } finally {
      jest.useRealTimers();
    }
  });

  test('an account with long work is not stalled if its other work succeeds', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
    try {
      const { underWay, read, endFirst } = service();
      const ask = () => read({ accountId: 1, personId: 1, name: 'work' });
      for (const _ of [1, 2]) ask();
      await settled();
      endFirst();
      await settled();
      jest.advanceTimersByTime(5_000);
      for (const _ of [1, 2, 3]) ask();
      await settled();
      expect(underWay).toHaveLength(4);
    } finally {
      jest.useRealTimers();
    }
  });

  test('the scheduler waits for no account', async () => {
    const { underWay, read } = service();
    for (let number = 0; number < 20; number += 1) read({ accountId: 1, id: number, name: 'due' });
    await settled();
    expect(underWay).toHaveLength(20);
  });
});

describe('long work in JavaScript', () => {
  test('lets other work run between its slices, and returns the result of all steps', async () => {
    const order: string[] = [];
    setImmediate(() => order.push('others'));
    const results = await mapInSlices(
      [1, 2, 3],
      (item) => {
        order.push(`step ${item}`);
        return item * 2;
      },
      2,
    );
    expect(results).toEqual([2, 4, 6]);
    expect(order).toEqual(['step 1', 'step 2', 'others', 'step 3']);
  });

  test('that fails in one step fails as a whole', async () => {
    const work = (function* () {
      yield;
      throw new Error('No.');
    })();
    await expect(inSlices(work, 1)).rejects.toThrow('No.');
  });
});
