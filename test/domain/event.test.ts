import { expect, test } from '@jest/globals';
import { changesBetween } from '../../src/domain/event.ts';

const before = { title: 'a', tags: ['x'], note: null as string | null, other: 1 };
const fields = ['title', 'tags', 'note'] as const;

test.each([
  ['nothing', before, {}],
  ['a text', { ...before, title: 'b' }, { title: { from: 'a', to: 'b' } }],
  ['a list in its order', { ...before, tags: ['x', 'y'] }, { tags: { from: ['x'], to: ['x', 'y'] } }],
  ['an equal list', { ...before, tags: ['x'] }, {}],
  ['from nothing to something', { ...before, note: 'n' }, { note: { from: null, to: 'n' } }],
  ['a field that is not asked for', { ...before, other: 2 }, {}],
])('if two states differ in %s, exactly that is recorded', (_, after, changes) => {
  expect(changesBetween(before, after, fields)).toEqual(changes);
});

test('for a new object, all initial values except for empty ones are recorded', () => {
  expect(changesBetween(null, before, fields)).toEqual({
    title: { from: null, to: 'a' },
    tags: { from: null, to: ['x'] },
  });
});
