import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reaches } from '../../src/domain/computers/association.ts';

const [ROOT, SERVER, WEB, DESKTOP] = [1, 2, 3, 4];
/** The computer's group, then its ancestors. */
const inServer = [SERVER, ROOT];
const inWebBelowServer = [WEB, SERVER, ROOT];

describe('a profile with tags', () => {
  test.each([
    ['reaches a computer with its tag', ['db'], ['db'], inServer, true],
    ['reaches one that has any of its tags', ['db', 'web'], ['x', 'web'], inServer, true],
    ['reaches one in a descendant of its group', ['db'], ['db'], inWebBelowServer, true],
    ['does not reach one in the parent group', ['db'], ['db'], [ROOT], false],
    ['does not reach one in a sibling group', ['db'], ['db'], [DESKTOP, ROOT], false],
    ['does not reach one with other tags', ['db'], ['web'], inServer, false],
    ['does not reach one without tags', ['db'], [], inServer, false],
    ['distinguishes upper and lower case', ['db'], ['DB'], inServer, false],
    ['reaches none if the profile has no tags', [], ['db'], inServer, false],
    ['reaches none without tags if the profile has none either', [], [], inServer, false],
  ])('%s', (_, tags, has, groupAndAbove, expected) => {
    const target = { accessGroupId: SERVER, allComputers: false, tags };
    expect(reaches(target, { tags: has, groupAndAbove })).toBe(expected);
  });
});

describe('a profile for all computers', () => {
  test.each([
    ['reaches any in its group', [], inServer, true],
    ['reaches any in a descendant of its group', [], inWebBelowServer, true],
    ['does not reach those in other groups, even with its tag', ['db'], [DESKTOP, ROOT], false],
  ])('%s, because its tags do not filter', (_, has, groupAndAbove, expected) => {
    const target = { accessGroupId: SERVER, allComputers: true, tags: ['db'] };
    expect(reaches(target, { tags: has, groupAndAbove })).toBe(expected);
  });
});

const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
const groups = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1 });

test('for all computers reaches a superset of any tags, and another tag never excludes a computer', () => {
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
