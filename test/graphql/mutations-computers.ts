import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Instant } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { LATER, NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, type Payload, refusal } from './mutate.ts';

export function mutationsComputers(): void {
  let app: TestApp;
  let account: TestAccount;
  let now: Instant;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: () => now });
  });

  const NEIGHBOURS = 5000;
  beforeEach(async () => {
    now = NOW;
    await resetDatabase(app.database);
    account = await anAccount(app.database.prisma);
    await mutate(app, 'createAccessGroup', { title: 'Server' });
    const neighbour = await anAccount(app.database.prisma, 'neighbour', 'joe@example.com');
    await insert(app.database.prisma, 'computer', neighbour, [{ id: NEIGHBOURS }]);
  });

  const FIELDS = `databaseId title hostname comment status tags createdAt acceptedAt accessGroup { name }`;
  const enrol = async (input: object) =>
    (await mutate(app, 'enrolComputer', input, `computer { ${FIELDS} }`)).computer;
  const change = async (name: string, input: object): Promise<Payload[]> =>
    (await mutate(app, name, input, `computers { ${FIELDS} }`)).computers;
  const all = async (): Promise<Payload[]> =>
    (await ask(app, `{ computers(filter: { statuses: [PENDING, ACCEPTED] }) { nodes { ${FIELDS} } } }`))
      .computers.nodes;
  const manyTags = (number: number) => Array.from({ length: number }, (_, index) => `tag${index}`);
  const tagsOf = (computers: Payload[]) => computers.map(({ tags }) => tags);

  /** Creates three pending computers, 1 to 3, and an accepted one, 4. */
  async function fleet() {
    for (const hostname of ['a', 'b', 'c', 'd']) await enrol({ hostname, tags: ['asked', hostname] });
    await mutate(app, 'acceptComputers', { ids: [4] });
    return all();
  }

  describe('the enrolment', () => {
    test('creates a pending computer, by default in the root group and with its hostname as title', async () => {
      const made = await enrol({ hostname: 'web-01.example.com' });
      expect(made).toEqual({
        databaseId: 1,
        title: 'web-01.example.com',
        hostname: 'web-01.example.com',
        comment: '',
        status: 'PENDING',
        tags: [],
        createdAt: '2025-04-10T12:00:30.250000Z',
        acceptedAt: null,
        accessGroup: { name: 'global' },
      });
      expect(await all()).toEqual([made]);
    });

    test('stores the requested tags, each once and in order', async () => {
      const made = await enrol({
        hostname: 'w',
        title: ' Web ',
        tags: ['web', 'a', 'web'],
        accessGroup: 'server',
      });
      expect(made).toMatchObject({ title: 'Web', tags: ['web', 'a'], accessGroup: { name: 'server' } });
      expect(await all()).toEqual([made]);
    });

    test.each([
      ['an empty hostname', { hostname: '' }, 'INVALID_INPUT hostname'],
      ['a hostname with a space', { hostname: 'a b' }, 'INVALID_INPUT hostname'],
      ['a blank title', { hostname: 'a', title: ' ' }, 'INVALID_INPUT title'],
      ['an invalid tag', { hostname: 'a', tags: ['ok', '-no'] }, 'INVALID_INPUT tags.1'],
      ['1001 tags', { hostname: 'a', tags: manyTags(1001) }, 'INVALID_INPUT tags'],
      ['a group that does not exist', { hostname: 'a', accessGroup: 'nowhere' }, 'INVALID_INPUT accessGroup'],
      ['a group with a NUL', { hostname: 'a', accessGroup: '\0' }, 'INVALID_INPUT accessGroup'],
    ])('is refused for %s, and creates nothing', async (_, input, expected) => {
      expect(await refusal(app, 'enrolComputer', input)).toBe(expected);
      expect(await all()).toEqual([]);
    });
  });

  describe('accepting computers', () => {
    test('gives them the tags and the group that they requested', async () => {
      const [a, b] = await fleet();
      now = LATER;
      const accepted = { status: 'ACCEPTED', acceptedAt: '2025-04-11T09:15:20.500000Z' };
      const answer = await change('acceptComputers', { ids: [1, 2] });
      expect(answer).toEqual([
        { ...a, ...accepted },
        { ...b, ...accepted },
      ]);
      expect((await all()).slice(0, 2)).toEqual(answer);
    });

    test('replaces the requested tags and group by given ones, also by an empty list', async () => {
      await fleet();
      const [a] = await change('acceptComputers', { ids: [1], tags: ['x', 'y'], accessGroup: 'server' });
      expect(a).toMatchObject({ tags: ['x', 'y'], accessGroup: { name: 'server' } });
      const [b] = await change('acceptComputers', { ids: [2], tags: [] });
      expect(b).toMatchObject({ tags: [], accessGroup: { name: 'global' } });
      expect((await all()).slice(0, 2)).toEqual([a, b]);
    });

    test('changes nothing if they are already accepted, whatever tags and group are given', async () => {
      const before = await fleet();
      now = LATER;
      const answer = await change('acceptComputers', { ids: [4], tags: ['x'], accessGroup: 'server' });
      expect(answer).toEqual([before[3]]);
      expect(await all()).toEqual(before);
    });

    test.each([
      ['one that does not exist', { ids: [1, 2, 99] }, 'NOT_FOUND ids'],
      ['one of another account', { ids: [1, 2, NEIGHBOURS] }, 'NOT_FOUND ids'],
      ['an invalid id', { ids: [1, 2, 'x'] }, 'NOT_FOUND ids'],
      ['a group that does not exist', { ids: [1, 2], accessGroup: 'nowhere' }, 'INVALID_INPUT accessGroup'],
      ['an invalid tag', { ids: [1, 2], tags: ['a b'] }, 'INVALID_INPUT tags.0'],
      ['1001 tags', { ids: [1, 2], tags: manyTags(1001) }, 'INVALID_INPUT tags'],
      ['more than 1,000', { ids: Array.from({ length: 1001 }, (_, id) => id) }, 'INVALID_INPUT ids'],
    ])('is refused as a whole for %s', async (_, input, expected) => {
      const before = await fleet();
      expect(await refusal(app, 'acceptComputers', input)).toBe(expected);
      expect(await all()).toEqual(before);
    });

    test('accepts global ids and numbers, duplicates, and an empty list', async () => {
      await fleet();
      const { computer } = await ask(app, '{ computer(id: 2) { id } }');
      expect(await change('acceptComputers', { ids: ['1', computer.id, '2', '1'] })).toHaveLength(2);
      expect(await change('acceptComputers', { ids: [] })).toEqual([]);
    });
  });

  describe('rejecting computers', () => {
    test('deletes pending computers, and returns their global ids', async () => {
      await fleet();
      const { nodes } = (
        await ask(app, '{ computers(filter: { statuses: [PENDING, ACCEPTED] }) { nodes { id } } }')
      ).computers;
      const { rejectedIds } = await mutate(app, 'rejectComputers', { ids: [1, 3] }, 'rejectedIds');
      expect(rejectedIds).toEqual([nodes[0].id, nodes[2].id]);
      expect((await all()).map(({ databaseId }) => databaseId)).toEqual([2, 4]);
    });

    test.each([
      ['one that is accepted', { ids: [1, 4] }, 'INVALID_INPUT ids'],
      ['one that does not exist', { ids: [1, 99] }, 'NOT_FOUND ids'],
      ['one of another account', { ids: [1, NEIGHBOURS] }, 'NOT_FOUND ids'],
    ])('is refused as a whole for %s', async (_, input, expected) => {
      const before = await fleet();
      expect(await refusal(app, 'rejectComputers', input)).toBe(expected);
      expect(await all()).toEqual(before);
    });
  });

  describe('retagging computers', () => {
    test.each([
      ['appends new tags', { add: ['x', 'y'] }, ['asked', 'd', 'x', 'y']],
      ['does not add a tag twice', { add: ['d', 'x', 'x'] }, ['asked', 'd', 'x']],
      ['removes tags', { remove: ['asked', 'unknown'] }, ['d']],
      ['removes a tag that is in both lists', { add: ['x', 'd'], remove: ['d', 'x'] }, ['asked']],
      ['changes nothing without tags', {}, ['asked', 'd']],
    ])('%s', async (_, edit, expected) => {
      const before = await fleet();
      const answer = await change('retagComputers', { ids: [4], ...edit });
      expect(answer).toEqual([{ ...before[3], tags: expected }]);
      expect(await all()).toEqual([...before.slice(0, 3), ...answer]);
    });

    test('a pending computer changes the tags that it will get, and those that lists show', async () => {
      await fleet();
      const answer = await change('retagComputers', { ids: [1], add: ['x'], remove: ['asked'] });
      expect(tagsOf(answer)).toEqual([['a', 'x']]);
      expect((await all())[0]).toEqual(answer[0]);
      expect((await ask(app, '{ tags }')).tags).toEqual(['asked', 'd']);
      expect(tagsOf(await change('acceptComputers', { ids: [1] }))).toEqual([['a', 'x']]);
      expect((await ask(app, '{ tags }')).tags).toEqual(['a', 'asked', 'd', 'x']);
    });

    test.each([
      ['an invalid tag to add', { ids: [1, 4], add: ['ok', ''] }, 'INVALID_INPUT add.1'],
      ['an invalid tag to remove', { ids: [1, 4], remove: ['a b'] }, 'INVALID_INPUT remove.0'],
      [
        'more tags in total than a computer may have',
        { ids: [1, 4], add: manyTags(999) },
        'INVALID_INPUT add',
      ],
      ['a computer that does not exist', { ids: [1, 4, 99], add: ['x'] }, 'NOT_FOUND ids'],
      ['one of another account', { ids: [1, 4, NEIGHBOURS], add: ['x'] }, 'NOT_FOUND ids'],
    ])('is refused as a whole for %s', async (_, input, expected) => {
      const before = await fleet();
      expect(await refusal(app, 'retagComputers', input)).toBe(expected);
      expect(await all()).toEqual(before);
    });
  });

  describe('moving computers to another group', () => {
    test('also moves pending ones, and changes nothing else', async () => {
      const before = await fleet();
      const answer = await change('regroupComputers', { ids: [1, 4], accessGroup: 'server' });
      const moved = (computer: Payload) => ({ ...computer, accessGroup: { name: 'server' } });
      expect(answer).toEqual([moved(before[0]), moved(before[3])]);
      expect(await all()).toEqual([moved(before[0]), before[1], before[2], moved(before[3])]);
    });

    test.each([
      ['a group that does not exist', { ids: [1], accessGroup: 'nowhere' }, 'INVALID_INPUT accessGroup'],
      ['a computer that does not exist', { ids: [1, 99], accessGroup: 'server' }, 'NOT_FOUND ids'],
      ['one of another account', { ids: [1, NEIGHBOURS], accessGroup: 'server' }, 'NOT_FOUND ids'],
    ])('is refused as a whole for %s', async (_, input, expected) => {
      const before = await fleet();
      expect(await refusal(app, 'regroupComputers', input)).toBe(expected);
      expect(await all()).toEqual(before);
    });
  });

  describe('removing a computer', () => {
    test('fails its unreported executions with the reason, and updates their runs', async () => {
      await fleet();
      const { prisma } = app.database;
      await insert(prisma, 'script', account, [{ id: 1000 }]);
      await insert(prisma, 'script_profile', account, [{ id: 1000 }]);
      const run = (id: number, mine: string, others: string, status: string) =>
        insert(
          prisma,
          'activity',
          account,
          aRun(
            id,
            1000,
            [
              { computerId: 4, status: mine },
              { computerId: 1, status: others },
            ],
            status,
          ),
        );
      await run(2000, 'undelivered', 'undelivered', 'undelivered');
      await run(2010, 'delivered', 'succeeded', 'delivered');
      await run(2020, 'delivered', 'canceled', 'delivered');
      await run(2030, 'succeeded', 'delivered', 'delivered');
      await run(2040, 'succeeded', 'canceled', 'canceled');
      now = LATER;

      const { removedId } = await mutate(app, 'removeComputer', { id: 4 }, 'removedId');

      expect(Buffer.from(removedId, 'base64url').toString()).toBe('v1:Computer:4');
      expect((await all()).map(({ databaseId }) => databaseId)).toEqual([1, 2, 3]);
      const ended = '2025-04-11T09:15:20.500000Z';
      const reason = 'The computer was removed before it reported.';
      const { activities } = await ask(
        app,
        `{ activities(orderBy: { field: CREATION_TIME, direction: ASC }) {
      nodes { databaseId status completionTime resultText computer { databaseId } } } }`,
      );
      const rows = activities.nodes.map((row: Payload) => [
        row.databaseId,
        row.status,
        row.completionTime,
        row.resultText,
      ]);
      expect(rows).toEqual([
        [2000, 'DELIVERED', null, null],
        [2001, 'FAILED', ended, reason],
        [2002, 'UNDELIVERED', null, null],
        [2010, 'FAILED', ended, null],
        [2011, 'FAILED', ended, reason],
        [2012, 'SUCCEEDED', null, null],
        [2020, 'FAILED', ended, null],
        [2021, 'FAILED', ended, reason],
        [2022, 'CANCELED', null, null],
        [2030, 'DELIVERED', null, null],
        [2031, 'SUCCEEDED', null, null],
        [2032, 'DELIVERED', null, null],
        [2040, 'CANCELED', null, null],
        [2041, 'SUCCEEDED', null, null],
        [2042, 'CANCELED', null, null],
      ]);
      expect(
        activities.nodes.map(({ computer }: Payload) => computer?.databaseId ?? null).filter(Boolean),
      ).toEqual([1, 1, 1, 1, 1]);
    });

    test.each([
      ['one that does not exist', 99],
      ['one of another account', NEIGHBOURS],
      ['an invalid id', 'x'],
    ])('is refused for %s', async (_, id) => {
      const before = await fleet();
      expect(await refusal(app, 'removeComputer', { id })).toBe('NOT_FOUND id');
      expect(await all()).toEqual(before);
    });

    test('shows an unknown id as it was sent', async () => {
      const [inOne] = (await mutate(app, 'removeComputer', { id: 'x' })).userErrors;
      expect(inOne).toMatchObject({ field: 'id', found: '"x"' });
      const [inList] = (await mutate(app, 'retagComputers', { ids: ['1', 'x'], add: ['a'] })).userErrors;
      expect(inList).toMatchObject({ field: 'ids', found: '"x"' });
    });

    test('a second time is refused with NOT_FOUND', async () => {
      await fleet();
      await mutate(app, 'removeComputer', { id: 4 });
      expect(await refusal(app, 'removeComputer', { id: 4 })).toBe('NOT_FOUND id');
    });
  });

  describe('editing a computer', () => {
    const edit = async (input: object) =>
      (await mutate(app, 'updateComputer', { id: 4, ...input }, `computer { ${FIELDS} }`)).computer;

    test('changes the given fields, and keeps the rest', async () => {
      const before = (await fleet())[3]!;
      const note = { comment: 'In the cellar.\nNo lamp.' };
      expect(await edit(note)).toEqual({ ...before, ...note });
      const more = { title: 'Cellar 1', tags: ['b', 'a', 'b'], accessGroup: 'server' };
      const after = { ...before, ...note, ...more, tags: ['b', 'a'], accessGroup: { name: 'server' } };
      expect(await edit(more)).toEqual(after);
      expect(await edit({ comment: '', title: null })).toEqual({ ...after, comment: '' });
      expect((await all())[3]).toEqual({ ...after, comment: '' });
    });

    test.each<[object, string]>([
      [{ id: 77 }, 'NOT_FOUND id'],
      [{ id: NEIGHBOURS }, 'NOT_FOUND id'],
      [{ title: ' ' }, 'INVALID_INPUT title'],
      [{ comment: 'x'.repeat(1001) }, 'INVALID_INPUT comment'],
      [{ comment: 'a\u0007' }, 'INVALID_INPUT comment'],
      [{ tags: ['-'] }, 'INVALID_INPUT tags.0'],
      [{ accessGroup: 'nowhere' }, 'INVALID_INPUT accessGroup'],
    ])('is refused with %j, and changes nothing', async (input, expected) => {
      const before = await fleet();
      expect(await refusal(app, 'updateComputer', { id: 4, title: 'New', ...input })).toBe(expected);
      expect(await all()).toEqual(before);
    });
  });

  describe('with a query', () => {
    const names = (computers: Payload[]) => computers.map(({ hostname }) => hostname);
    const accepted = async () => {
      await fleet();
      await mutate(app, 'acceptComputers', { ids: [3] });
    };

    test('accepted computers are retagged, moved and removed, but pending ones are not found', async () => {
      await accepted();
      const query = 'tag:asked';
      expect(tagsOf(await change('retagComputers', { query, add: ['new'], remove: ['asked'] }))).toEqual([
        ['c', 'new'],
        ['d', 'new'],
      ]);
      expect(await change('retagComputers', { query, add: ['other'] })).toEqual([]);
      const moved = await change('regroupComputers', { query: 'tag:new', accessGroup: 'server' });
      expect(moved.map(({ accessGroup }) => accessGroup.name)).toEqual(['server', 'server']);
      expect(names(await change('removeComputers', { query: 'tag:c' }))).toEqual(['c']);
      expect(names(await change('removeComputers', { ids: [1] }))).toEqual(['a']);
      expect(names(await all())).toEqual(['b', 'd']);
    });

    test.each([
      [{}, 'INVALID_INPUT ids'],
      [{ ids: [4], query: 'tag:asked' }, 'INVALID_INPUT ids'],
      [{ query: '' }, 'INVALID_INPUT query'],
      [{ query: 'tag:' }, 'INVALID_INPUT query'],
      [{ ids: [4, 77] }, 'NOT_FOUND ids'],
    ])('computers cannot be chosen with %j', async (input, expected) => {
      await accepted();
      const before = await all();
      for (const [mutation, more] of [
        ['retagComputers', { add: ['x'] }],
        ['regroupComputers', { accessGroup: 'server' }],
        ['removeComputers', {}],
      ] as const)
        expect(await refusal(app, mutation, { ...input, ...more })).toBe(expected);
      expect(await all()).toEqual(before);
    });
  });
}
