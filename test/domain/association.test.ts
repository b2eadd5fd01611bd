import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reaches } from '../../src/domain/computers/association.ts';

const [ROOT, SERVER, WEB, DESKTOP] = [1, 2, 3, 4];
/** A computer's group, then those above it. */
const inServer = [SERVER, ROOT];
const inWebBelowServer = [WEB, SERVER, ROOT];

describe('a profile for tags', () => {
  test.each([
    ['reaches a computer with its tag', ['db'], ['db'], inServer, true],
    ['reaches one that has any of its tags', ['db', 'web'], ['x', 'web'], inServer, true],
    ['reaches one in a group below', ['db'], ['db'], inWebBelowServer, true],
    ['does not reach one in the group above', ['db'], ['db'], [ROOT], false],
    ['does not reach one in the group beside', ['db'], ['db'], [DESKTOP, ROOT], false],
    ['does not reach one with other tags', ['db'], ['web'], inServer, false],
    ['does not reach one without tags', ['db'], [], inServer, false],
    ['tells upper from lower case', ['db'], ['DB'], inServer, false],
    ['reaches none when it has no tags', [], ['db'], inServer, false],
    ['reaches none without tags when it has none either', [], [], inServer, false],
  ])('%s', (_, tags, has, groupAndAbove, expected) => {
    const target = { accessGroupId: SERVER, allComputers: false, tags };
    expect(reaches(target, { tags: has, groupAndAbove })).toBe(expected);
  });
});

describe('a profile for all computers', () => {
  test.each([
    ['reaches any in its group', [], inServer, true],
    ['reaches any in a group below', [], inWebBelowServer, true],
    ['does not reach those elsewhere, even with its tag', ['db'], [DESKTOP, ROOT], false],
  ])('%s: its tags do not filter', (_, has, groupAndAbove, expected) => {
    const target = { accessGroupId: SERVER, allComputers: true, tags: ['db'] };
    expect(reaches(target, { tags: has, groupAndAbove })).toBe(expected);
  });
});

const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
const groups = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1 });

test('for all reaches whatever any tags would, and a further tag never takes a computer away', () => {
  fc.assert(
    fc.property(tags, tags, groups, fc.constantFrom('a', 'b'), (own, has, groupAndAbove, tag) => {
      const target = { accessGroupId: 1, allComputers: false, tags: own };
      const computer = { tags: has, groupAndAbove };
      if (!reaches(target, computer)) return;
      expect(reaches({ ...target, allComputers: true }, computer)).toBe(true);
      expect(reaches({ ...target, tags: [...own, tag] }, computer)).toBe(true);
    }),
  );
});
