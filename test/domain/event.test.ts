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
])('of two states that differ in %s, just that is told', (_, after, changes) => {
  expect(changesBetween(before, after, fields)).toEqual(changes);
});

test('of something new, all that it began with is told, but for what it has not', () => {
  expect(changesBetween(null, before, fields)).toEqual({
    title: { from: null, to: 'a' },
    tags: { from: null, to: ['x'] },
  });
});
