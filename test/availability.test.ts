import { expect, test } from '@jest/globals';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { isOutage, logAvailability } from '../src/availability.ts';
import { Refusal } from '../src/domain/errors.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const locked = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
/** As Prisma reports the server's errors. */
const fromServer = (originalCode: string, originalMessage: string) =>
  new DriverAdapterError({
    ...{ kind: 'postgres', severity: 'ERROR', detail: undefined, column: undefined, hint: undefined },
    ...{ code: originalCode, message: originalMessage, originalCode, originalMessage },
  });
const lostWorker = fromServer('08006', 'connection to the remote node postgres@worker:5432 failed');
const tooLong = fromServer('57014', 'canceling statement due to statement timeout');

function recorded(elapsed?: () => number) {
  const lines: unknown[][] = [];
  return { lines, ...logAvailability({ warn: (...line: unknown[]) => void lines.push(line) }, elapsed) };
}

test('an outage is logged once at its start, and once with its length at its end, however many requests are refused', () => {
  let now = 0;
  const { lines, onOutage, onAnswer } = recorded(() => now);
  onAnswer();
  for (let request = 0; request < 100; request += 1) onOutage(refused);
  now = 61_000;
  onAnswer();
  onAnswer();
  onOutage(refused);
  expect(lines).toEqual([
    [{ reason: 'connect ECONNREFUSED', code: 'ECONNREFUSED' }, 'The database is unreachable.'],
    [{ seconds: 61 }, 'The database is reachable again after 61 seconds.'],
    [{ reason: 'connect ECONNREFUSED', code: 'ECONNREFUSED' }, 'The database is unreachable.'],
  ]);
});

test('a lock that is held too long is not logged as an outage', () => {
  const { lines, onOutage, onAnswer } = recorded();
  onOutage(locked);
  onAnswer();
  expect(lines).toEqual([[{ reason: locked.message }, 'A statement took too long.']]);
});

test('an outage of a worker is logged once at its start and once at its end, although other accounts are answered meanwhile', () => {
  let now = 0;
  const { lines, onOutage, onLostAccounts, onAnswer } = recorded(() => now);
  for (; now < 60_000; now += 1000) {
    onOutage(lostWorker);
    onAnswer();
    onLostAccounts([2, 3]);
    onAnswer();
  }
  const start = [
    [
      { reason: 'connection to the remote node postgres@worker:5432 failed', code: '08006' },
      'A part of the database is unreachable, and so are the accounts on it.',
    ],
    [{ accountIds: [2, 3] }, 'These accounts cannot be reached. Their due work waits.'],
  ];
  expect(lines).toEqual(start);
  // Connections from before the outage may still fail once.
  now += 20_000;
  onAnswer();
  onOutage(lostWorker);
  now += 39_000;
  onAnswer();
  expect(lines).toEqual(start);
  now += 2_000;
  onAnswer();
  onAnswer();
  expect(lines).toEqual([
    ...start,
    [{ seconds: 80 }, 'All accounts can be reached again. The last failure was after 80 seconds.'],
  ]);
});

test('an outage of a worker that stands still lasts as long as its statements take too long', () => {
  let now = 0;
  const { lines, onOutage, onLostAccounts, onAnswer } = recorded(() => now);
  onLostAccounts([2]);
  for (; now < 300_000; now += 30_000) {
    onOutage(tooLong);
    onAnswer();
  }
  expect(lines.map(([, message]) => message)).toEqual([
    'A part of the database is unreachable, and so are the accounts on it.',
    'These accounts cannot be reached. Their due work waits.',
  ]);
});

test('an outage of the whole database is logged also during an outage of a worker', () => {
  const { lines, onOutage, onAnswer } = recorded();
  onOutage(lostWorker);
  onOutage(refused);
  onAnswer();
  expect(lines.map(([, message]) => message)).toEqual([
    'A part of the database is unreachable, and so are the accounts on it.',
    'The database is unreachable.',
    'The database is reachable again after 0 seconds.',
  ]);
});

test('work on many accounts that fails for some is an outage only if each of them is unreachable', () => {
  const away = new Refusal('UNAVAILABLE', 'The database does not answer.');
  expect(isOutage(away)).toBe(true);
  expect(isOutage(new AggregateError([away, away]))).toBe(true);
  expect(isOutage(new AggregateError([away, new Error('a fault')]))).toBe(false);
  expect(isOutage(new Error('a fault'))).toBe(false);
});
