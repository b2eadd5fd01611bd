import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { addMinutes } from '../../src/domain/time.ts';
import { findAccount, saveAdministrator } from '../../src/repositories/accounts/accounts.ts';
import { PAGE_NOW, type TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';

export function wireForm() {
  const fixture = (name: string) =>
    JSON.parse(readFileSync(new URL(`../fixtures/page/responses/${name}.json`, import.meta.url), 'utf8'));

  let app: TestApp;
  let now = PAGE_NOW;
  beforeAll(async () => {
    app = await sharedApp({ now: () => now });
  });

  const body = {
    script_id: 35,
    username: 'root',
    time_limit: 60,
    trigger: { trigger_type: 'event', event_type: 'post_enrollment' },
  };

  /** A value's keys, in order and at every depth, with the types of the leaves. */
  function shapeOf(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(shapeOf);
    if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
    return Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]);
  }

  describe('the keys of an answer are the documented ones, in order', () => {
    test.each([
      ['GET', '/script-profiles?archived=all', 'list-all'],
      ['GET', '/script-profiles/4', 'one'],
      ['GET', '/script-profiles/1/activities', 'activities'],
      ['POST', '/script-profiles/1/activities', 'activities'],
      ['GET', '/script-profile-limits', 'limits'],
      ['POST', '/script-profile-limits', 'limits'],
    ])('%s %s: %s', async (method, path, name) => {
      const answer = await app.rest(method, path);
      expect(shapeOf(answer.body)).toEqual(shapeOf(fixture(name)));
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    });

    test('so are those of POST and PATCH of a profile', async () => {
      const created = await app.rest('POST', '/script-profiles', { ...body, title: 'Keys' });
      expect(shapeOf(created.body)).toEqual(shapeOf(fixture('create')));
      const updated = await app.rest('PATCH', `/script-profiles/${created.body.id}`, { tags: ['server'] });
      expect(shapeOf(updated.body)).toEqual(shapeOf(fixture('update')));
    });

    test('a list of computers starts with its count, and a computer has no additional keys', async () => {
      const { body } = await app.rest('GET', '/script-profiles/5/computers?limit=1');
      expect(Object.keys(body)).toEqual(['count', 'results', 'next', 'previous']);
      expect(body).toMatchObject({ count: 20, previous: null });
      expect(shapeOf(body.results[0])).toEqual([
        ...[
          ['id', 'number'],
          ['title', 'string'],
          ['comment', 'string'],
          ['hostname', 'string'],
        ],
        ...[
          ['tags', []],
          ['access_group', 'string'],
        ],
      ]);
    });

    test('each kind of trigger has its own', async () => {
      const keys = async (trigger: object) => {
        const title = `Trigger ${JSON.stringify(trigger)}`;
        const { body: made } = await app.rest('POST', '/script-profiles', { ...body, title, trigger });
        await app.rest('POST', `/script-profiles/${made.id}:archive`);
        return Object.keys(made.trigger);
      };
      expect(await keys(body.trigger)).toEqual(['trigger_type', 'event_type']);
      expect(await keys({ trigger_type: 'one_time', timestamp: '2030-01-01T00:00' })).toEqual(
        Object.keys(fixture('list-all').results[2].trigger),
      );
      expect(
        await keys({ trigger_type: 'recurring', interval: '* * * * *', start_after: '2030-01-01T00:00' }),
      ).toEqual(Object.keys(fixture('list-all').results[0].trigger));
    });

    test('an error has error, message, detail, code and the request id', async () => {
      const { body: refused } = await app.rest('PATCH', '/script-profiles/5', { time_limit: 0 });
      expect(shapeOf(refused)).toEqual([
        ['error', 'string'],
        ['message', 'string'],
        [
          'detail',
          [
            ['field', 'string'],
            ['found', 'string'],
            ['allowed', 'string'],
          ],
        ],
        ['code', 'number'],
        ['request_id', 'string'],
      ]);
    });
  });

  describe('times', () => {
    test('of creation and edits have milliseconds, written with six decimals and without a time zone', async () => {
      now = '2025-04-23T07:53:01.001000Z';
      const { body: made } = await app.rest('POST', '/script-profiles', { ...body, title: 'Milliseconds' });
      expect(made).toMatchObject({
        created_at: '2025-04-23T07:53:01.001000',
        last_edited_at: '2025-04-23T07:53:01.001000',
      });
      now = '2025-04-23T07:53:01.999000Z';
      const { body: edited } = await app.rest('PATCH', `/script-profiles/${made.id}`, { time_limit: 61 });
      expect(edited).toMatchObject({
        created_at: '2025-04-23T07:53:01.001000',
        last_edited_at: '2025-04-23T07:53:01.999000',
      });
      now = '2025-04-23T08:00:00.000000Z';
      await app.rest('POST', `/script-profiles/${made.id}:archive`);
      const { body: archived } = await app.rest('GET', `/script-profiles/${made.id}`);
      expect(archived.last_edited_at).toBe('2025-04-23T08:00:00.000000');
    });

    test.each([
      ['2031-05-06T07:08:09.999999Z', '2031-05-06T07:08:09Z'],
      ['2031-12-31T23:59:59.9999999999Z', '2031-12-31T23:59:59Z'],
      ['2031-05-06T07:08', '2031-05-06T07:08:00Z'],
      ['2031-05-06t07:08:09,5+02:00', '2031-05-06T05:08:09Z'],
      ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
      ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
    ])('a trigger of %s is returned as %s: truncated to whole seconds, in UTC', async (timestamp, out) => {
      const trigger = { trigger_type: 'one_time', timestamp };
      const { body: made } = await app.rest('POST', '/script-profiles', {
        ...body,
        title: timestamp,
        trigger,
      });
      await app.rest('POST', `/script-profiles/${made.id}:archive`);
      expect(made.trigger).toEqual({
        ...trigger,
        timestamp: out,
        is_finished: false,
        next_run: out,
        last_run: null,
      });
      const { body: archived } = await app.rest('GET', `/script-profiles/${made.id}`);
      expect(archived.trigger).toEqual({ ...made.trigger, next_run: null });
    });

    test('a next run is the first match at or after both start_after and now', async () => {
      now = '2025-04-23T08:00:00.001000Z';
      const next = async (start_after: string) => {
        const trigger = { trigger_type: 'recurring', interval: '0 8 * * *', start_after };
        const title = `Next ${start_after}`;
        const { body: made } = await app.rest('POST', '/script-profiles', { ...body, title, trigger });
        await app.rest('POST', `/script-profiles/${made.id}:archive`);
        return made.trigger.next_run;
      };
      expect(await next('2025-04-01T00:00')).toBe('2025-04-24T08:00:00Z');
      expect(await next('2025-05-01T08:00:00')).toBe('2025-05-01T08:00:00Z');
      expect(await next('2025-05-01T08:00:00.5')).toBe('2025-05-01T08:00:00Z');
      expect(await next('2025-05-01T08:00:01')).toBe('2025-05-02T08:00:00Z');
    });
  });

  describe('values that no longer or not yet exist are null', () => {
    test('created_by is null if the person was deleted', async () => {
      const { prisma } = app.database;
      const accountId = (await findAccount(prisma, 'standalone'))!;
      const email = 'gone@example.com';
      const id = await saveAdministrator(prisma, { accountId, email, name: 'Gone', passwordHash: null, now });
      const token = app.token(email);
      const headers = { authorization: `Bearer ${token}` };
      const made = await app.rest('POST', '/script-profiles', { ...body, title: 'Orphan' }, headers);
      expect(made.body.created_by).toEqual({ name: 'Gone', id });

      await prisma.$executeRawUnsafe(
        `update script_profile set created_by_id = null where created_by_id = ${id}`,
      );
      await prisma.$executeRawUnsafe(`delete from person where id = ${id}`);
      const { body: orphan } = await app.rest('GET', `/script-profiles/${made.body.id}`);
      expect(orphan).toEqual({ ...made.body, created_by: null });
      expect((await app.rest('GET', '/script-profiles', undefined, headers)).status).toBe(401);
    });

    test('an association of an event profile or an archived profile is 0, and lists no computer', async () => {
      const trigger = { trigger_type: 'one_time', timestamp: addMinutes(now, 1) };
      const common = { ...body, all_computers: true };
      const { body: event } = await app.rest('POST', '/script-profiles', {
        ...common,
        title: 'On enrolment',
      });
      const { body: once } = await app.rest('POST', '/script-profiles', {
        ...common,
        title: 'Once',
        trigger,
      });
      expect([event, once].map(({ computers }) => computers.num_associated_computers)).toEqual([0, 20]);
      await app.rest('POST', `/script-profiles/${once.id}:archive`);
      for (const { id } of [event, once]) {
        const { body: profile } = await app.rest('GET', `/script-profiles/${id}`);
        expect(profile.computers).toEqual({ num_associated_computers: 0 });
        const { body: computers } = await app.rest('GET', `/script-profiles/${id}/computers`);
        expect(computers).toEqual({ count: 0, results: [], next: null, previous: null });
      }
    });
  });
}
