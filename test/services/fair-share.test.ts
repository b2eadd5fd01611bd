import { describe, expect, test } from '@jest/globals';
import { connectionShares } from '../../src/services/fairness/connection-shares.ts';
import { FairShare } from '../../src/services/fairness/fair-share.ts';
import { inSlices, mapInSlices } from '../../src/services/fairness/slices.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Work that ends on command, with the number of running pieces by key. */
function workshop() {
  const underWay: string[] = [];
  const ends: (() => void)[] = [];
  const work = (key: string) => () =>
    new Promise<void>((resolve) => {
      underWay.push(key);
      ends.push(() => {
        underWay.splice(underWay.indexOf(key), 1);
        resolve();
      });
    });
  return { underWay, work, endFirst: () => ends.shift()!() };
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
    const { underWay, work } = workshop();
    const shared = connectionShares()({ read: (who: object) => work((who as { name: string }).name)() });
    return { underWay, read: (who: object) => void shared.read(who) };
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
