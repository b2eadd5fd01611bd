import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DueWork } from '../../src/scheduling/due-work.ts';
import { reachableAccounts } from '../../src/scheduling/reachable-accounts.ts';
import type { Due, DueBounds } from '../../src/services/activities/run-ports.ts';

// Accounts 1, 2 and 3 have one due item each, with the id of its account. The test decides which accounts are unreachable.

let lost: Set<number>;
let isWholeDatabaseLost: boolean;
let asked: (number | 'all')[];
let reported: (readonly number[])[];
let now: number;
let work: DueWork;

const away = new Error('unreachable');
const accounts = [1, 2, 3];

beforeEach(() => {
  lost = new Set();
  isWholeDatabaseLost = false;
  asked = [];
  reported = [];
  now = 0;
  const answer = <Answer>({ accountId }: DueBounds, of: (ids: number[]) => Answer): Answer => {
    asked.push(accountId ?? 'all');
    const ids = accountId === undefined ? accounts : [accountId];
    if (isWholeDatabaseLost || ids.some((id) => lost.has(id))) throw away;
    return of(ids);
  };
  work = reachableAccounts({
    accounts: async () => {
      if (isWholeDatabaseLost) throw away;
      return accounts;
    },
    report: (accountIds) => reported.push(accountIds),
    elapsed: () => now,
  })({
    due: async (_most, _except, bounds = {}) =>
      answer(bounds, (ids) => ids.map((accountId): Due => ({ accountId, id: accountId }))),
    untilNext: async (_except, bounds = {}) => answer(bounds, (ids) => ids[0]! * 1_000_000),
    fire: async () => true,
  });
});

const dueAccounts = async () => (await work.due(10, [])).map(({ accountId }) => accountId).sort();

describe('due work', () => {
  test('of reachable accounts is read with one question', async () => {
    expect(await dueAccounts()).toEqual([1, 2, 3]);
    expect(await work.untilNext([])).toBe(1_000_000);
    expect(asked).toEqual(['all', 'all']);
  });

  test('of other accounts is found although some are unreachable, which are reported together', async () => {
    lost.add(1).add(2);
    expect(await dueAccounts()).toEqual([3]);
    expect(reported.map((ids) => ids.toSorted())).toEqual([[1, 2]]);
  });

  test('of all accounts is soon asked for together again, so an account that returns catches up', async () => {
    lost.add(1);
    await dueAccounts();
    const wait = (await work.untilNext([]))!;
    expect(wait).toBeLessThanOrEqual(10_000);
    lost.clear();
    now += wait;
    expect(await dueAccounts()).toEqual([1, 2, 3]);
    asked = [];
    await dueAccounts();
    expect(asked).toEqual(['all']);
  });

  test('of an unreachable account is not asked for with every question', async () => {
    lost.add(3);
    await dueAccounts();
    asked = [];
    await work.untilNext([]);
    await dueAccounts();
    expect([...new Set(asked)].sort()).toEqual([1, 2]);
  });

  test('cannot be read if the whole database is unreachable, and no account is blamed', async () => {
    isWholeDatabaseLost = true;
    await expect(dueAccounts()).rejects.toBe(away);
    await expect(work.untilNext([])).rejects.toBe(away);
    expect(reported).toEqual([]);
    isWholeDatabaseLost = false;
    asked = [];
    expect(await dueAccounts()).toEqual([1, 2, 3]);
    expect(asked).toEqual(['all']);
  });

  test('cannot be read if every account fails, because the question itself is wrong', async () => {
    for (const id of accounts) lost.add(id);
    await expect(dueAccounts()).rejects.toBe(away);
    expect(reported).toEqual([]);
  });
});

test('accounts are taken in turn', async () => {
  const many = reachableAccounts({ accounts: async () => accounts, report: () => {}, elapsed: () => now })({
    due: async (_most, _except, { accountId } = {}) => {
      if (accountId === undefined) throw away;
      return [1, 2, 3].map((id) => ({ accountId, id }));
    },
    untilNext: async () => undefined,
    fire: async () => true,
  });
  const first = (await many.due(3, [])).map(({ accountId }) => accountId);
  expect(first.sort()).toEqual([1, 2, 3]);
});
