import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { epochSeconds, instantOf } from '../../src/domain/time.ts';
import { PAGE_NOW, type TestApp } from '../support/app.ts';
import { thorough } from '../support/seed.ts';
import { sharedApp } from '../support/shared-app.ts';
import { expectError, send } from './raw.ts';

export function paging() {
  let app: TestApp;
  let seconds = 0;
  /** All profiles, newest first. */
  let all: { id: number; title: string; archived: boolean }[];

  /** In addition to the three documented profiles. The second and the third are archived. */
  const titles = [
    '100% sure',
    '100x sure',
    'snake_case',
    'snakeXcase',
    'Back\\slash',
    'GRÖSSE',
    'a+b',
    'a b',
    'a,b',
  ];

  beforeAll(async () => {
    // Two profiles are created in each second, so that the id decides their order.
    app = await sharedApp({ now: () => instantOf(epochSeconds(PAGE_NOW) + Math.floor(seconds++ / 2)) });
    await app.graphql(
      'mutation { updateLimits(input: { maxNumProfiles: 50 }) { limits { maxNumProfiles } } }',
    );
    for (const title of titles) {
      const trigger = { trigger_type: 'event', event_type: 'post_enrollment' };
      const body = { title, script_id: 35, username: 'root', time_limit: 60, trigger };
      expect((await app.rest('POST', '/script-profiles', body)).status).toBe(201);
    }
    all = (await get('/api/v2/script-profiles?archived=all')).results;
    for (const { id } of all.filter(({ title }) => title === titles[1] || title === titles[2])) {
      await app.rest('POST', `/script-profiles/${id}:archive`);
    }
    all = (await get('/api/v2/script-profiles?archived=all')).results;
  });

  async function get(path: string) {
    const { status, body } = await send(app, 'GET', path);
    expect([path, status]).toEqual([path, 200]);
    return body;
  }
  const list = (query: string) => get(`/api/v2/script-profiles${query}`);
  const idsOf = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);

  test('profiles are sorted by creation time, newest first, and by highest id if the times are equal', async () => {
    expect(all.map(({ title }) => title)).toEqual([
      ...[...titles].reverse(),
      'Recurring Script Profile',
      'Post Enrollment Script Profile',
      'One Time Script Profile',
    ]);
  });

  describe('limit and offset, over 12 profiles', () => {
    const n = null;
    test.each([
      ['', 12, n, n],
      ['limit=5', 5, '?archived=all&limit=5&offset=5', n],
      ['limit=5&offset=5', 5, '?archived=all&limit=5&offset=10', '?archived=all&limit=5&offset=0'],
      ['limit=5&offset=10', 2, n, '?archived=all&limit=5&offset=5'],
      ['limit=5&offset=3', 5, '?archived=all&limit=5&offset=8', '?archived=all&limit=5&offset=0'],
      ['limit=5&offset=7', 5, n, '?archived=all&limit=5&offset=2'],
      ['offset=5&limit=5', 5, '?archived=all&limit=5&offset=10', '?archived=all&limit=5&offset=0'],
      ['limit=12', 12, n, n],
      ['limit=13', 12, n, n],
      ['limit=11', 11, '?archived=all&limit=11&offset=11', n],
      ['offset=0', 12, n, n],
      ['offset=4', 8, n, '?archived=all&offset=0'],
      ['offset=12', 0, n, '?archived=all&offset=0'],
      ['limit=5&offset=12', 0, n, '?archived=all&limit=5&offset=7'],
      ['limit=5&offset=1000', 0, n, '?archived=all&limit=5&offset=995'],
      ['limit=0', 0, n, n],
      ['limit=0&offset=3', 0, n, n],
      ['limit=10000', 12, n, n],
      ['limit=10001', 12, n, n],
      ['limit=99999999999999999999999', 12, n, n],
      ['limit=007', 7, '?archived=all&limit=007&offset=7', n],
      ['limit=&offset=', 12, n, n],
      ['limit=&offset=2', 10, n, '?archived=all&limit=&offset=0'],
      ['limit=3&limit=5', 5, '?archived=all&limit=3&limit=5&offset=5', n],
      ['limit=5&offset=9007199254740991', 0, n, '?archived=all&limit=5&offset=9007199254740986'],
    ])('%s: %d results', async (query, results, next, previous) => {
      for (const prefix of ['/api/v2', '/api']) {
        const page = await get(`${prefix}/script-profiles?archived=all${query && '&'}${query}`);
        const link = (target: string | null) => target && `${prefix}/script-profiles${target}`;
        expect(page.results).toHaveLength(results);
        expect(page).toMatchObject({ count: 12, next: link(next), previous: link(previous) });
      }
    });

    test.each([
      ['limit=-1', 'limit', '"-1"'],
      ['limit=abc', 'limit', '"abc"'],
      ['limit=1.5', 'limit', '"1.5"'],
      ['limit=1e3', 'limit', '"1e3"'],
      ['limit=%2B5', 'limit', '"+5"'],
      ['limit=+5', 'limit', '" 5"'],
      ['limit=%D9%A5', 'limit', '"٥"'],
      ['limit=0x10', 'limit', '"0x10"'],
      ['limit=null', 'limit', '"null"'],
      ['offset=-1', 'offset', '"-1"'],
      ['offset=abc', 'offset', '"abc"'],
      ['offset=9007199254740992', 'offset', '"9007199254740992"'],
      ['limit=5&offset=%00', 'offset', '"\\u0000"'],
      ['archived=maybe', 'archived', '"maybe"'],
      ['archived=true', 'archived', '"true"'],
      ['archived=ALL', 'archived', '"ALL"'],
      ['search=%00', 'search', '"\\u0000"'],
      ['names=a,%00', 'names', '"\\u0000"'],
      [`names=${'a,'.repeat(1001)}`, 'names', '1001'],
    ])('%s is refused with 400, and the message names the parameter', async (query, field, found) => {
      const answer = await send(app, 'GET', `/api/v2/script-profiles?${query}`);
      expectError(answer, 400, 'InvalidInput');
      expect(answer.body.detail).toMatchObject({ field, found, allowed: expect.stringMatching(/\w/) });
    });

    test.each(['activities', 'computers'])('%s of a profile refuse the same values', async (part) => {
      for (const query of ['limit=-1', 'limit=abc', 'offset=-1', 'offset=1e3']) {
        const answer = await send(app, 'GET', `/api/v2/script-profiles/5/${part}?${query}`);
        expectError(answer, 400, 'InvalidInput');
      }
    });
  });

  describe('links', () => {
    test('keep the path and the query as sent, in order', async () => {
      const query = 'search=S%63ript+p&unknown=%zz&offset=1&archived=all&limit=1&=x&names=';
      const page = await get(`/api/script-profiles/?${query}`);
      const unpaged = 'search=S%63ript+p&unknown=%zz&archived=all&limit=1&=x&names=';
      expect(page).toMatchObject({
        count: 3,
        next: `/api/script-profiles?${unpaged}&offset=2`,
        previous: `/api/script-profiles?${unpaged}&offset=0`,
      });
    });

    test('of a path with %3A or after a host lead to the same list', async () => {
      const page = await get('http://other.example/api/v2/script-profiles/%35/computers?limit=2');
      expect(page.next).toBe('/api/v2/script-profiles/%35/computers?limit=2&offset=2');
      expect((await get(page.next)).results).toHaveLength(2);
    });

    test.each([
      ['/api/v2/script-profiles?archived=all', () => idsOf(all)],
      ['/api/v2/script-profiles/5/computers', () => Array.from({ length: 20 }, (_, index) => index + 1)],
    ])(
      '%s: following the links forward and back returns each item once and in order',
      async (path, expected) => {
        await fc.assert(
          fc.asyncProperty(fc.integer({ min: 1, max: 21 }), async (limit) => {
            const seen: number[] = [];
            let page = await get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}`);
            let pages = [idsOf(page.results)];
            for (seen.push(...idsOf(page.results)); page.next; seen.push(...idsOf(page.results))) {
              page = await get(page.next);
              pages = [idsOf(page.results), ...pages];
            }
            expect(seen).toEqual(expected());
            expect(page.count).toBe(expected().length);
            for (const ids of pages) {
              expect(idsOf(page.results)).toEqual(ids);
              if (page.previous) page = await get(page.previous);
            }
            expect(page.previous).toBeNull();
          }),
          { numRuns: thorough(12) },
        );
      },
    );

    test('from any position, a step forward and one back return to it, or to the start', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(14), fc.integer({ min: 1, max: 14 }), async (offset, limit) => {
          const page = await list(`?archived=all&limit=${limit}&offset=${offset}`);
          expect(idsOf(page.results)).toEqual(idsOf(all).slice(offset, offset + limit));
          expect(page.next === null).toBe(offset + limit >= 12);
          expect(page.previous === null).toBe(offset === 0);
          if (page.next) {
            const back = await get((await get(page.next)).previous);
            expect(back.results).toEqual(page.results);
          }
        }),
        { numRuns: thorough(30) },
      );
    });
  });

  describe('filters', () => {
    const titled = async (query: string) =>
      (await list(query)).results.map(({ title }: { title: string }) => title);

    test.each([
      ['archived=active', 10],
      ['archived=archived', 2],
      ['archived=all', 12],
      ['archived=', 10],
      ['', 10],
    ])('%s: %d, and the count includes all that match', async (query, count) => {
      expect(await list(`?${query}&limit=1`)).toMatchObject({ count, results: [expect.anything()] });
      expect(await list(`?${query}&limit=0`)).toMatchObject({
        count,
        results: [],
        next: null,
        previous: null,
      });
      const { results } = await list(`?${query}`);
      expect(results).toHaveLength(count);
    });

    test.each([
      [
        'search=SCRIPT+profile',
        ['Recurring Script Profile', 'Post Enrollment Script Profile', 'One Time Script Profile'],
      ],
      ['search=100%25', ['100% sure']],
      ['search=%25', ['100% sure']],
      ['search=100', ['100x sure', '100% sure']],
      ['search=snake_case', ['snake_case']],
      ['search=_', ['snake_case']],
      ['search=%5C', ['Back\\slash']],
      ['search=gr%C3%B6sse', ['GRÖSSE']],
      ['search=a+b', ['a b']],
      ['search=a%2Bb', ['a+b']],
      ['search=a%20b', ['a b']],
      [
        'search=+',
        [
          'a b',
          '100x sure',
          '100% sure',
          ...['Recurring', 'Post Enrollment', 'One Time'].map((kind) => `${kind} Script Profile`),
        ],
      ],
      ['search=%27%3B+drop+table+script_profile%3B--', []],
      ['search=nothing+like+it', []],
      ['search=x&search=SNAKEX', ['snakeXcase']],
      ['names=snake_case', ['snake_case']],
      ['names=Snake_case', []],
      ['names=snake', []],
      ['names=a+b,snake_case,+100%25+sure+,a+b', ['a b', 'snake_case', '100% sure']],
      ['names=a%2Bb%2Ca+b', ['a b', 'a+b']],
      ['names=a%2Cb', []],
      ['names=snake_case&search=x', []],
      ['names=snake_case&search=CASE', ['snake_case']],
    ])('%s', async (query, expected) => {
      expect(await titled(`?archived=all&${query}`)).toEqual(expected);
    });

    test('an empty parameter counts as absent', async () => {
      expect(await list('?archived=&search=&names=&limit=&offset=')).toMatchObject({ count: 10, next: null });
    });
  });
}
