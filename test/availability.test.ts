import { expect, test } from '@jest/globals';
import { logAvailability } from '../src/availability.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const locked = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });

test('an outage is logged once at its start, and once with its length at its end, however many requests are refused', () => {
  const lines: unknown[][] = [];
  let now = 0;
  const { onOutage, onAnswer } = logAvailability(
    { warn: (...line: unknown[]) => void lines.push(line) },
    () => now,
  );
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
  const lines: unknown[][] = [];
  const { onOutage, onAnswer } = logAvailability({ warn: (...line: unknown[]) => void lines.push(line) });
  onOutage(locked);
  onAnswer();
  expect(lines).toEqual([[{ reason: locked.message }, 'A statement took too long.']]);
});
