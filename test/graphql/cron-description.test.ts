import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeCron } from '../../src/graphql/schedule/cron-description.ts';
import { fallingFields, textOf } from '../domain/cron-expressions.ts';

test.each([
  ['* * * * *', 'Every minute (UTC)'],
  ['*/5 * * * *', 'Every 5 minutes (UTC)'],
  ['0 8 * * *', 'At 08:00 (UTC)'],
  ['30 17 * * *', 'At 17:30 (UTC)'],
  ['0 8 * * MON-FRI', 'At 08:00, Monday through Friday (UTC)'],
  ['0 */6 * * *', 'On the hour, every 6 hours (UTC)'],
  ['0 0 1,15 JAN-MAR *', 'At 00:00, on day 1 and 15 of the month, January through March (UTC)'],
  ['0 0 * * 0,6', 'At 00:00, only on Sunday and Saturday (UTC)'],
  ['0 0 1 * MON', 'At 00:00, on day 1 of the month, or on Monday (UTC)'],
])('%s means: %s', (expression, expected) => {
  expect(describeCron(expression)).toBe(expected);
});

test('every supported expression has a description', () => {
  fc.assert(
    fc.property(fallingFields.map(textOf), (text) => {
      expect(describeCron(text)).toMatch(/^[A-Z0-9].+ \(UTC\)$/);
      expect(describeCron(text)).not.toMatch(/undefined|NaN|null|error/i);
    }),
  );
});
