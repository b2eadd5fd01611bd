import { beforeAll, describe, expect, test } from '@jest/globals';
import { legacyActions } from '../../src/rest/actions/actions.ts';
import { routes } from '../../src/rest/rest-api.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { base64, clientOf, ok } from './client.ts';

// Dashboards and Terraform read an object, change one field and send the whole object back. Fields that are masked,
// shortened or null in the answer must keep their values.
export function sentBack() {
  let app: TestApp;
  const { get, write, form, legacy } = clientOf(() => app);

  beforeAll(async () => {
    app = await sharedApp();
  });

  const KEY = 'open sesame';
  const enrolStatus = async () => {
    const answer = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${base64(`standalone:${KEY}`)}`,
      },
      body: JSON.stringify({
        query: 'mutation { enrolComputer(input: { hostname: "web-9" }) { userErrors { message } } }',
      }),
    });
    return answer.status;
  };

  test('the table lists every route that writes a readable object', () => {
    const writes = routes.filter(({ method }) => ['PATCH', 'PUT'].includes(method)).map(({ path }) => path);
    expect(writes).toEqual([
      '/script-profiles/{id}',
      '/computers/{id}',
      // The request does not read it.
      '/password',
      '/administrators/{id}',
      '/preferences',
    ]);
    expect(legacyActions.map(({ name }) => name).filter((name) => /^(Edit|Change|Set)/.test(name))).toEqual([
      'EditScript',
      'EditSavedSearch',
      'ChangeComputersAccessGroup',
    ]);
  });

  describe('preferences', () => {
    const patch = async (body: object) => ok(await write('PATCH', '/preferences', body));

    /** Sends the settings form, which contains the placeholder of the key, or null if no key is set. */
    const save = async (title: string) => {
      const { registration_password, auto_register_new_computers } = ok(await get('/preferences'));
      return patch({
        title,
        registration_password: registration_password || null,
        auto_register_new_computers,
      });
    };

    test('that are sent back with the placeholder keep the registration key, and still show that one is set', async () => {
      const set = await patch({ registration_password: KEY });
      expect(set).toMatchObject({ registration_password: '••••••••', has_registration_password: true });
      expect(await enrolStatus()).toBe(200);

      const shown = ok(await get('/preferences'));
      expect(await patch(shown)).toEqual(shown);
      expect(await save('Ours')).toMatchObject({ title: 'Ours', has_registration_password: true });
      expect(await patch({ title: 'Theirs' })).toMatchObject({ has_registration_password: true });
      expect(await enrolStatus()).toBe(200);
    });

    test.each(['', null])(
      'that are sent with %j as the registration key lose it, and remain without one',
      async (key) => {
        await patch({ registration_password: KEY });
        expect(await patch({ registration_password: key })).toMatchObject({
          registration_password: null,
          has_registration_password: false,
        });
        expect(await save('Ours')).toMatchObject({ registration_password: null });
        expect(await enrolStatus()).toBe(401);
      },
    );
  });

  test.each([5, 4, 1])('the script profile %i is unchanged after it is sent back', async (id) => {
    const shown = ok(await get(`/script-profiles/${id}`));
    expect(ok(await write('PATCH', `/script-profiles/${id}`, shown))).toEqual(shown);
  });

  test('a computer is unchanged after it is sent back, and its access group after an action', async () => {
    const shown = ok(await get('/computers/1'));
    expect(ok(await write('PUT', '/computers/1', shown))).toEqual(shown);
    const action = { query: 'id:1', access_group: shown.access_group };
    expect(ok(await form('ChangeComputersAccessGroup', action))).toEqual([shown]);
  });

  test('an administrator and the caller are unchanged after they are sent back', async () => {
    const [shown] = ok(await legacy('GetAdministrators'));
    expect(ok(await write('PUT', `/administrators/${shown.id}`, shown))).toEqual(shown);
    const caller = ok(await get('/person'));
    expect(caller).toMatchObject(ok(await write('POST', '/person', caller)));
    expect(ok(await get('/person'))).toEqual(caller);
  });

  test('a saved search is unchanged after it is sent back', async () => {
    const made = ok(await form('CreateSavedSearch', { title: 'All of web', search: 'tag:web OR tag:"db"' }));
    expect(ok(await form('EditSavedSearch', made))).toEqual(made);
  });

  describe('a script whose code is shown without its first line', () => {
    const make = async (text: string) =>
      ok(
        await form('CreateScript', {
          title: `Of ${JSON.stringify(text)}`,
          code: base64(text),
          script_type: 'V2',
        }),
      );
    const shown = ({ id, title, code, interpreter, time_limit, username }: Record<string, string>) => ({
      script_id: String(id),
      title: title!,
      code: base64(code!),
      interpreter: interpreter!,
      time_limit: String(time_limit),
      username: username!,
    });

    test.each(['#!/bin/sh\necho', '#!/bin/sh\n#!/usr/bin/python3\nprint()'])(
      'is unchanged after it is sent back: %j',
      async (text) => {
        const made = await make(text);
        expect(ok(await form('EditScript', shown(made)))).toEqual(made);
      },
    );

    test('keeps its interpreter if an edit sends only the code', async () => {
      const { id } = await make('#!/usr/bin/python3\nprint(1)');
      const edit = { script_id: String(id), code: base64('print(2)') };
      expect(ok(await form('EditScript', edit))).toMatchObject({
        interpreter: '/usr/bin/python3',
        code: 'print(2)',
        version_number: 2,
      });
    });

    test('takes the interpreter from a sent first line, as before', async () => {
      const { id } = await make('#!/bin/sh\na');
      for (const more of [{}, { interpreter: '/bin/bash' }] as Record<string, string>[])
        expect(
          ok(await form('EditScript', { script_id: String(id), code: base64('#!/bin/bash\nb'), ...more })),
        ).toMatchObject({ interpreter: '/bin/bash', code: 'b' });
    });
  });
}
