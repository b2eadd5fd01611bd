import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { expectError, type RawRequest, send } from './raw.ts';

export function legacyActions() {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const call = (parameters: string, request?: RawRequest) =>
    send(app, 'GET', `/api/?version=2011-08-01&${parameters}`, request);
  const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };
  const post = (query: string, body: string, headers: Record<string, string> = FORM) =>
    send(app, 'POST', `/api/${query}`, { body, headers });
  const base64 = (text: string | Uint8Array) => encodeURIComponent(Buffer.from(text).toString('base64'));

  describe('a legacy action is called', () => {
    test.each([
      '/api/?action=GetSavedSearches',
      '/api?action=GetSavedSearches',
      '/api//?action=GetSavedSearches',
    ])('at %s, with the version in any position or omitted', async (path) => {
      expect(await send(app, 'GET', path)).toMatchObject({ status: 200, body: [] });
      expect((await send(app, 'GET', `${path}&version=2011-08-01`)).status).toBe(200);
      expect((await send(app, 'HEAD', path)).status).toBe(200);
    });

    test('by a form, which may name the action itself and overrides the query', async () => {
      expect((await post('', 'action=GetSavedSearches&version=2011-08-01')).body).toEqual([]);
      expect((await post('?action=GetSavedSearches', '')).body).toEqual([]);
      expect((await post('?action=GetSavedSearches', '', {})).body).toEqual([]);
      expect((await post('?action=GetSavedSearches', 'action=GetActivityTypes')).body).toHaveLength(2);
    });

    test('with a person’s token only', async () => {
      expectError(await call('action=GetSavedSearches', { token: null }), 401, 'Unauthorized');
      expectError(await call('action=GetSavedSearches', { token: 'x' }), 401, 'Unauthorized');
      const { data } = await app.graphql('mutation { enrolComputer(input: { hostname: "a" }) { token } }');
      expectError(
        await call('action=GetActivityTypes', { token: data.enrolComputer.token }),
        403,
        'Forbidden',
      );
    });
  });

  test.each([
    ['EditScript', 'script_id must be given; found nothing.'],
    [
      'AcceptPendingComputers',
      'computer_ids must be given, as computer_ids.1, computer_ids.2 …; found nothing.',
    ],
  ])('%s without its required parameter is refused with a sentence', async (action, message) => {
    expect((await call(`action=${action}`)).body.message).toBe(message);
  });

  describe('a request that is not a legacy action', () => {
    test.each([
      '/api/?action=GetComputers&version=2011-08-01',
      '/api/?action=getsavedsearches',
      '/api/?action=constructor',
      '/api/?action=',
      '/api/?version=2011-08-01',
      '/api/v2/?action=GetSavedSearches',
      '/api/v2?action=GetSavedSearches',
    ])('%s is 404, with and without a token', async (path) => {
      expectError(await send(app, 'GET', path), 404, 'NotFound');
      expectError(await send(app, 'GET', path, { token: null }), 404, 'NotFound');
    });

    test('a form without an action, or with an unknown one, is 404', async () => {
      expectError(await post('', 'a=b'), 404, 'NotFound');
      expectError(await post('?action=GetSavedSearches', 'action=RemoveScript'), 404, 'NotFound');
    });

    test('another method is 405, another body 415, a larger one 413, and another version 400', async () => {
      const put = await send(app, 'PUT', '/api/?action=GetSavedSearches');
      expectError(put, 405, 'MethodNotAllowed');
      expect(put.headers.allow).toBe('GET, POST');
      expectError(
        await post('?action=GetSavedSearches', '{}', { 'content-type': 'application/json' }),
        415,
        'UnsupportedMediaType',
      );
      expectError(await post('?action=GetSavedSearches', `a=${'x'.repeat(2 ** 20)}`), 413, 'PayloadTooLarge');
      const version = await send(app, 'GET', '/api/?action=GetSavedSearches&version=2012-01-01');
      expectError(version, 400, 'InvalidInput');
      expect(version.body.detail).toEqual({ field: 'version', found: '"2012-01-01"', allowed: '2011-08-01' });
    });
  });

  describe('a script that an action creates', () => {
    const create = (parameters: string) => call(`action=CreateScript&title=T&script_type=V2&${parameters}`);

    test.each([
      ['', 'code', 'given'],
      ['code=!', 'code', 'base64'],
      [`code=${base64(new Uint8Array([0xff, 0xfe]))}`, 'code', 'UTF-8 in base64'],
      [`code=${base64('echo')}`, 'code', 'a script whose first line is `#!` and the path of its interpreter'],
      [`code=${base64('#!/bin/sh')}`, 'code', expect.stringContaining('1 to')],
      [`code=${base64('#!sh\na')}`, 'interpreter', expect.stringContaining('absolute path')],
      [
        `code=${base64('#!/bin/sh\na')}&time_limit=soon`,
        'time_limit',
        expect.stringContaining('whole number'),
      ],
      [`code=${base64('#!/bin/sh\na')}&time_limit=0`, 'time_limit', expect.stringContaining('whole number')],
      [
        `code=${base64('#!/bin/sh\na')}&access_group=nowhere`,
        'access_group',
        expect.stringContaining('access group'),
      ],
      [`code=${base64('#!/bin/sh\na')}&script_type=V1`, 'script_type', 'V2'],
      [`code=${base64('#!/bin/sh\na')}&username=a:b`, 'username', expect.stringContaining('256')],
    ])('is refused with %s: %s', async (parameters, field, allowed) => {
      const answer = await create(parameters);
      expectError(answer, 400, 'InvalidInput');
      expect(answer.body.detail).toMatchObject({ field, allowed });
    });

    test.each([
      ['#!/bin/sh\r\na\r\nb', '/bin/sh', 'a\nb'],
      ['#! /usr/bin/env python3\nprint(1)', '/usr/bin/env python3', 'print(1)'],
      ['#!/bin/sh\n\n#!x', '/bin/sh', '\n#!x'],
      ['#!/bin/sh\nä 🐧', '/bin/sh', 'ä 🐧'],
      ['\uFEFF#!/bin/sh\r\necho', '/bin/sh', 'echo'],
    ])('%j is stored as its interpreter and its code', async (text, interpreter, code) => {
      const { status, body } = await create(`code=${base64(text)}&title=${base64(text)}`);
      expect([status, body.interpreter, body.code]).toEqual([200, interpreter, code]);
    });

    test('keeps the fields that an edit omits, and is not found under another number', async () => {
      const { body: made } = await create(
        `code=${base64('#!/bin/sh\na')}&title=Kept&time_limit=60&username=root`,
      );
      const { body: edited } = await call(`action=EditScript&script_id=${made.id}&title=Kept2`);
      expect(edited).toMatchObject({ ...made, title: 'Kept2', last_edited_at: expect.any(String) });
      expectError(await call('action=EditScript&title=x'), 400, 'InvalidInput');
      for (const id of ['4242', 'x', '99999999999999999999'])
        expectError(await call(`action=EditScript&script_id=${id}`), 404, 'NotFound');
      expectError(await call(`action=EditScript&script_id=35&title=Kept2`), 409, 'DuplicateTitle');
    });
  });

  describe('computers that an action accepts', () => {
    const accept = (parameters: string) => call(`action=AcceptPendingComputers&${parameters}`);
    const enrol = async (hostname: string) => {
      const { data } = await app.graphql(
        'mutation ($input: EnrolComputerInput!) { enrolComputer(input: $input) { computer { databaseId } } }',
        { input: { hostname, accessGroup: 'server' } },
      );
      return data.enrolComputer.computer.databaseId;
    };

    test('are accepted all or none, in the given order, by default into `global`', async () => {
      const [one, other] = [await enrol('one'), await enrol('other')];
      const missing = await accept(`computer_ids.1=${one}&computer_ids.2=4242`);
      expectError(missing, 404, 'NotFound');
      expect(missing.body.detail).toMatchObject({ field: 'computer_ids', found: '4242' });
      const { body } = await accept(`computer_ids.2=${one}&computer_ids.1=${other}`);
      expect(body.map(({ id }: { id: number }) => id).toSorted()).toEqual([one, other]);
      expect(body[0].access_group).toBe('global');
      expect((await call('action=GetPendingComputers')).body).not.toContainEqual(
        expect.objectContaining({ hostname: 'one' }),
      );
    });

    test.each([
      ['', 'computer_ids'],
      ['computer_ids.1=1&existing_ids.1=2', 'existing_ids'],
      ['computer_ids.1=1&access_group=nowhere', 'access_group'],
    ])('are refused with %s: %s', async (parameters, field) => {
      const answer = await accept(parameters);
      expectError(answer, 400, 'InvalidInput');
      expect(answer.body.detail.field).toBe(field);
    });

    test('are not found by a text that is not a number', async () => {
      expectError(await accept('computer_ids.1=x'), 404, 'NotFound');
    });
  });

  test('groups are listed by name if names are given', async () => {
    const { body } = await call('action=GetAccessGroups&names.1=server&names.2=nowhere');
    expect(body).toEqual([{ name: 'server', title: 'Server', parent: 'global', children: '' }]);
  });

  test('a query to cancel activities is required, and must be valid', async () => {
    expectError(await call('action=CancelActivities'), 400, 'InvalidInput');
    const { body } = await call('action=CancelActivities&query=id:');
    expect(body.detail).toEqual({
      field: 'query',
      found: 'the end at position 4',
      allowed: 'a value for id',
    });
  });
}
