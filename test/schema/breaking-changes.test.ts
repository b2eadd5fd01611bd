import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { breakingChanges } from './breaking-changes.ts';

const released = 'type Query { a: Int, b: Int } enum Status { NEW }';

test.each([
  ['nothing', released],
  ['a new field', 'type Query { a: Int, b: Int, c: Int } enum Status { NEW }'],
  ['a new enum value, which clients must expect', 'type Query { a: Int, b: Int } enum Status { NEW OLD }'],
  ['a field that is no longer null', 'type Query { a: Int!, b: Int } enum Status { NEW }'],
])('%s breaks no client', async (_, current) => {
  expect(await breakingChanges(released, current, {})).toEqual([]);
});

test.each([
  [
    'a removed field',
    'type Query { a: Int } enum Status { NEW }',
    "Field 'b' was removed from object type 'Query'",
  ],
  [
    'another type',
    'type Query { a: String, b: Int } enum Status { NEW }',
    "Field 'Query.a' changed type from 'Int' to 'String'",
  ],
])('%s is reported unless it is accepted', async (_, current, message) => {
  expect(await breakingChanges(released, current, {})).toEqual([message]);
  expect(await breakingChanges(released, current, { [message]: 'No client used it.' })).toEqual([]);
});

test('an accepted change that did not happen is reported', async () => {
  expect(await breakingChanges(released, released, { Something: 'Because.' })).toEqual([
    'Accepted, and not there: Something',
  ]);
});

test('every accepted change has a reason', () => {
  const accepted = JSON.parse(readFileSync(new URL('accepted-changes.json', import.meta.url), 'utf8'));
  for (const reason of Object.values(accepted)) expect(reason).toMatch(/^[A-Z].*\.$/);
});
