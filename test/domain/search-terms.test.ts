import { describe, expect, test } from '@jest/globals';
import { activityQuery, computerQuery } from '../../src/domain/search/search-terms.ts';
import { at, refusalOf } from '../support/builders.ts';

const computer = (text: string) => {
  const query = computerQuery(text);
  return query.kind === 'is' ? query.condition : query;
};
const activity = (text: string) => {
  const query = activityQuery(text);
  return query.kind === 'is' ? query.condition : query;
};

describe('a term for computers means', () => {
  test.each([
    ['web', { kind: 'keyword', part: 'web' }],
    ['id:12', { kind: 'id', id: 12 }],
    ['tag:web', { kind: 'tag', text: 'web' }],
    ['title:"Web 1"', { kind: 'title', text: 'Web 1' }],
    ['hostname:web-1', { kind: 'hostname', text: 'web-1' }],
    ['access-group:server', { kind: 'accessGroup', name: 'server', below: false }],
    ['access-group: server', { kind: 'accessGroup', name: 'server', below: false }],
    ['access-group-recursive:global', { kind: 'accessGroup', name: 'global', below: true }],
    ['profile:script:5', { kind: 'scriptProfile', id: 5 }],
    ['profile:package:5', { kind: 'nothing' }],
    ['profile:usg:5:pass', { kind: 'nothing' }],
  ])('%s: %j', (text, condition) => {
    expect(computer(text)).toEqual(condition);
  });

  test.each([
    'alert:package-upgrades',
    'alert:no-such-alert',
    'needs:reboot',
    'needs:license',
    'search:mine',
    'distribution:jammy',
    'annotation:owner:jane',
    'ip:10.0.0.1',
    'mac:00:11:22',
    'license-id:none',
    'release-upgrade:available',
    'contract-expires-within-days:30',
    'availability-zone:null',
    'last-ping:5',
    'cpu:vendor:intel',
  ])('%s matches no computer, because the server does not have this data', (text) => {
    expect(computer(text)).toEqual({ kind: 'nothing' });
  });

  test.each([
    ['id:x', '"x" at position 4'],
    ['id:-1', '"-1" at position 4'],
    ['a id:1234567890123456', '"1234567890123456" at position 6'],
    ['profile:script', '"script" at position 9'],
    ['profile:nothing:5', '"nothing:5" at position 9'],
    ['profile:script:x', '"x" at position 16'],
    ['a OR colour:red', '"colour:" at position 6'],
    ['status:failed', '"status:" at position 1'],
    ['constructor:x', '"constructor:" at position 1'],
  ])('%s is refused: %s', (text, found) => {
    expect(refusalOf(() => computerQuery(text)).detail).toMatchObject({ field: 'query', found });
  });
});

describe('a term for activities means', () => {
  test.each([
    ['script', { kind: 'keyword', part: 'script' }],
    ['id:12', { kind: 'id', id: 12 }],
    ['parent-id:2396', { kind: 'parentId', id: 2396 }],
    ['status:unapproved', { kind: 'status', status: 'unapproved' }],
    ['creator:jane@example.com', { kind: 'creator', email: 'jane@example.com' }],
    ['type:ActivityGroup', { kind: 'type', type: 'ActivityGroup' }],
    ['type:RestartRequest', { kind: 'type', type: 'RestartRequest' }],
    ['created-after:2011', { kind: 'createdFrom', at: at('2011-01-01T00:00') }],
    ['created-after:2011-02', { kind: 'createdFrom', at: at('2011-02-01T00:00') }],
    ['created-before:2011-02-03', { kind: 'createdBefore', at: at('2011-02-03T00:00') }],
    ['created-before:2011-02-03T04', { kind: 'createdBefore', at: at('2011-02-03T04:00') }],
    ['created-before:2011-02-03T04:05', { kind: 'createdBefore', at: at('2011-02-03T04:05') }],
    ['created-before:"2011-02-03 04:05:06.5"', { kind: 'createdBefore', at: at('2011-02-03T04:05:06.5') }],
    ['created-before:2011-02-03T04:05:06+02:00', { kind: 'createdBefore', at: at('2011-02-03T02:05:06') }],
    ['computer:tag:web', { kind: 'computer', computers: computerQuery('tag:web') }],
    ['computer:"tag:web OR NOT a"', { kind: 'computer', computers: computerQuery('tag:web OR NOT a') }],
  ])('%s: %j', (text, condition) => {
    expect(activity(text)).toEqual(condition);
  });

  test.each([
    ['status:done', '"done" at position 8'],
    ['tag:web', '"tag:" at position 1'],
    ['created-after:yesterday', '"yesterday" at position 15'],
    ['created-after:2011-02-30', '"2011-02-30" at position 15'],
    ['created-after:2011-13', '"2011-13" at position 15'],
    ['computer:id:x', '"x" at position 13'],
    ['a computer:"tag:a OR"', 'the end at position 21'],
    ['computer:"title:\\"a\\" id:x"', '"x" at position 26'],
    ['computer:status:failed', '"status:" at position 10'],
    ['created-after:2025-04-10T23:36:21 02:00', '"02:00" at position 35'],
    ['created-after:2025-04-10T23:36:21 0200', '"0200" at position 35'],
    ['created-before:2025-04-10T23:36 02', '"02" at position 33'],
    ['created-after:2025-04-10 23:36', '"23:36" at position 26'],
    ['type:a created-before: 2025-04-10  23:36:21.5Z', '"23:36:21.5Z" at position 36'],
    ['created-after:"2025-04-10T23:36:21 02:00"', '"2025-04-10T23:36:21 02:00" at position 16'],
  ])('%s is refused: %s', (text, found) => {
    expect(refusalOf(() => activityQuery(text)).detail).toMatchObject({ field: 'query', found });
  });

  test.each([
    'created-after:2025-04-10 script',
    'created-after:2025-04-10 2025',
    'created-after:2025-04-10 "23:36"',
    'created-after:2025-04-10 OR 23:36',
    '23:36 created-after:2025-04-10',
    'created-after:2025-04-10 status:failed 23:36',
    'creator:jane 23:36',
  ])('%s is accepted, because the second word is not part of a time', (text) => {
    expect(() => activityQuery(text)).not.toThrow();
  });
});

describe('terms that are evaluated for every row are limited', () => {
  const most =
    'at most 25 keywords, profile: and computer: terms together, where ten tag: terms count as one';
  test.each([
    ['words', 'web '.repeat(25), 'more', '"more" at position 101'],
    [
      'profiles, of whatever kind',
      'profile:script:5 OR '.repeat(25),
      'profile:usg:1',
      '"profile:" at position 501',
    ],
    ['tags', 'tag:a OR '.repeat(250), 'tag:b', '"tag:" at position 2251'],
    ['words and tags together', `${'NOT tag:a '.repeat(240)}b `, 'tag:b', '"tag:" at position 2403'],
    ['words and profiles together', 'a profile:script:5 '.repeat(12), 'b c', '"c" at position 231'],
  ])('%s', (_, allowed, more, found) => {
    expect(() => computerQuery(`${allowed}id:1`)).not.toThrow();
    expect(refusalOf(() => computerQuery(allowed + more)).detail).toEqual({
      field: 'query',
      found,
      allowed: most,
    });
  });

  test('the terms of a nested query count too', () => {
    const allowed = 'computer:"a b profile:script:5" '.repeat(6);
    expect(() => activityQuery(`${allowed}a`)).not.toThrow();
    expect(refusalOf(() => activityQuery(`${allowed}computer:b`)).detail).toEqual({
      field: 'query',
      found: '"b" at position 202',
      allowed: most,
    });
  });

  test('ids, groups and other indexed terms are not limited', () => {
    expect(() =>
      computerQuery(`${'id:5 OR title:a OR access-group:global OR '.repeat(300)}id:1`),
    ).not.toThrow();
  });
});
