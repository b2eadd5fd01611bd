import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { instantOf } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { resetDatabase } from '../support/database.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld, outcomeOf, type Things } from './access-world.ts';
import type { Payload } from './mutate.ts';

// The people of an account and their passwords. Concurrent requests are in test/services/neighbours-concurrency.ts.
export function people(): void {
  const PASSWORD = 'correct horse battery staple';
  const DAY = 86_400;
  const GRACE = { name: 'Grace', email: 'grace@example.com' };

  let app: TestApp;
  let world: AccessWorld;
  let things: Things;
  /**
   * Seconds that the gateway's clock is ahead of the machine's. Tokens have the machine's time, and both clocks
   * advance.
   */
  let ahead = 0;
  const clock = () => instantOf(Math.floor(Date.now() / 1000) + ahead);

  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: clock });
  });
  beforeEach(async () => {
    ahead = 0;
    await resetDatabase(app.database);
    world = await AccessWorld.in(app);
    const web = await world.group('web');
    things = await world.fill(web);
    await act('createRole', { name: 'Web', permissions: ['VIEW_SCRIPT'], accessGroups: ['web'] });
  });

  const PERSON = 'id databaseId name email version hasPassword passwordLinkExpiresAt roles { name }';
  const LINK = 'passwordLink { url token expiresAt }';
  const SESSION = 'session { token expiresAt viewer { accountName person { email } } }';
  const selections: Readonly<Record<string, string>> = {
    createPerson: `person { ${PERSON} } ${LINK}`,
    updatePerson: `person { ${PERSON} } current { version name }`,
    removePerson: 'removedId',
    resetPassword: `person { ${PERSON} } ${LINK}`,
    setPassword: SESSION,
    changePassword: SESSION,
    login: SESSION,
    switchAccount: SESSION,
  };

  async function send(name: string, input: object, token: string | null = world.admin) {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { done: ${name}(input: $input) { ${selections[name] ?? ''} userErrors { code field message found } } }`;
    const answer = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables: { input } }),
    });
    return (await answer.json()) as { data?: { done: Payload }; errors?: Payload[] };
  }
  /** Runs a mutation and returns its payload. A refusal fails the test. */
  async function act(name: string, input: object, token?: string | null): Promise<Payload> {
    const { data, errors } = await send(name, input, token);
    expect({ errors, userErrors: data?.done?.userErrors }).toEqual({ errors: undefined, userErrors: [] });
    return data!.done;
  }
  /** The first refusal as `CODE field`, or `done`. */
  async function outcome(name: string, input: object, token?: string | null): Promise<string> {
    const answer = await send(name, input, token);
    const field = answer.data?.done?.userErrors?.[0]?.field ?? answer.errors?.[0].extensions.field ?? '';
    return `${outcomeOf(answer as never)} ${field}`.trim();
  }
  async function ask(document: string, token = world.admin): Promise<Payload> {
    const { data, errors } = await app.graphql(document, {}, token);
    expect(errors).toBeUndefined();
    return data;
  }
  const isGood = async (token: string) =>
    (await app.graphql('{ viewer { accountName } }', {}, token)).errors === undefined;

  const create = (input: object = {}, token?: string) => act('createPerson', { ...GRACE, ...input }, token);
  const setPassword = (token: string, password = PASSWORD) => act('setPassword', { token, password }, null);
  /** Creates Grace with a password, and returns her first token. */
  async function join(input: object = {}): Promise<Payload> {
    const { person, passwordLink } = await create(input);
    const { session } = await setPassword(passwordLink.token);
    return { ...person, token: session.token };
  }
  const idOf = async (email: string): Promise<string> =>
    (await ask(`{ persons(filter: { search: "${email}" }) { nodes { id } } }`)).persons.nodes[0].id;
  const graces = async (): Promise<Payload> =>
    (await ask(`{ persons(filter: { search: "grace" }) { nodes { ${PERSON} } } }`)).persons.nodes[0];
  const logIn = (input: object = {}) =>
    send('login', { email: GRACE.email, password: PASSWORD, ...input }, null);
  const events = async (): Promise<string[]> =>
    (
      await ask(
        '{ events(first: 50, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { action entityTitle person { email } changes { field from to } } } }',
      )
    ).events.nodes.map(({ action, entityTitle, person, changes }: Payload) =>
      [
        `${action} ${entityTitle} by ${person?.email ?? 'nobody'}`,
        ...changes.map(({ field, from, to }: Payload) => `${field}: ${from} → ${to}`),
      ].join(', '),
    );

  describe('a person who is created', () => {
    test('sets a password once with the link, and then has the permissions of their roles', async () => {
      const { person, passwordLink } = await create({ name: ' Grace ', roles: ['Web'] });
      expect(person).toEqual({
        ...GRACE,
        id: expect.any(String),
        databaseId: expect.any(Number),
        version: 1,
        hasPassword: false,
        passwordLinkExpiresAt: passwordLink.expiresAt,
        roles: [{ name: 'Web' }],
      });
      expect(passwordLink).toEqual({
        url: `${app.url}/set-password#token=${passwordLink.token}`,
        token: expect.stringMatching(/^password_\d+_[\w-]{43}$/),
        expiresAt: expect.any(String),
      });
      expect((await logIn()).errors![0].extensions.code).toBe('UNAUTHENTICATED');

      const { session } = await setPassword(passwordLink.token);
      expect(session.viewer).toEqual({ accountName: 'acme', person: { email: GRACE.email } });
      expect((await ask(`{ script(id: ${things.script}) { title } }`, session.token)).script).not.toBeNull();
      expect(await outcome('archiveScript', { id: things.script }, session.token)).toBe('FORBIDDEN');
      expect((await logIn()).data!.done.session).not.toBeNull();
      expect(await graces()).toMatchObject({ hasPassword: true, passwordLinkExpiresAt: null });
      expect(await outcome('setPassword', { token: passwordLink.token, password: PASSWORD }, null)).toBe(
        'UNAUTHENTICATED',
      );
    });

    test('with an invalid name, address or role is refused', async () => {
      for (const [input, expected] of [
        [{ name: ' ' }, 'INVALID_INPUT name'],
        [{ email: 'a@example.com, b@example.com' }, 'INVALID_INPUT email'],
        [{ email: 'JANE@example.com' }, 'TITLE_TAKEN email'],
        [{ roles: ['Web', 'Nothing'] }, 'INVALID_INPUT roles'],
        [{ roleIds: ['999'] }, 'INVALID_INPUT roleIds'],
      ] as const)
        expect(await outcome('createPerson', { ...GRACE, ...input })).toBe(expected);
    });

    test('is returned to a retry with the same link, or without one after it was used', async () => {
      const first = await create({ idempotencyKey: 'k' });
      expect((await create({ idempotencyKey: 'k' })).passwordLink).toEqual(first.passwordLink);
      await setPassword(first.passwordLink.token);
      const { person, passwordLink } = await create({ idempotencyKey: 'k' });
      expect([person.id, passwordLink]).toEqual([first.person.id, null]);
    });

    test('is not confused with an earlier person of the same address, whose tokens and keys stay refused', async () => {
      const before = await join();
      await act('removePerson', { id: before.id });
      ahead = 10;
      const after = await join();
      expect(await isGood(after.token)).toBe(true);
      expect(await isGood(before.token)).toBe(false);
    });
  });

  describe('a link', () => {
    test('is valid for three days', async () => {
      const { passwordLink } = await create();
      ahead = DAY * 3;
      const input = { token: passwordLink.token, password: PASSWORD };
      expect(await outcome('setPassword', input, null)).toBe('UNAUTHENTICATED');
      ahead = DAY * 3 - 600;
      await act('setPassword', input, null);
    });

    test('is replaced by another link. The password stays valid until the new one is used, which revokes earlier tokens', async () => {
      const { passwordLink } = await create();
      const { passwordLink: second } = await act('resetPassword', { id: await idOf(GRACE.email) });
      const stale = { token: passwordLink.token, password: PASSWORD };
      expect(await outcome('setPassword', stale, null)).toBe('UNAUTHENTICATED');
      const { session } = await setPassword(second.token);
      const { passwordLink: third } = await act('resetPassword', { id: await idOf(GRACE.email) });
      expect((await logIn()).errors).toBeUndefined();
      const { session: after } = await setPassword(third.token, 'another password');
      expect([await isGood(session.token), await isGood(after.token)]).toEqual([false, true]);
      expect((await logIn()).errors).toHaveLength(1);
    });

    test('with an invalid password, or with another token, sets nothing', async () => {
      const { passwordLink } = await create();
      const given = { token: passwordLink.token, password: PASSWORD };
      for (const [input, expected] of [
        [{ password: 'seven 7' }, 'INVALID_INPUT password'],
        [{ password: 'a\u0007bcdefgh' }, 'INVALID_INPUT password'],
        [{ token: 'password_1_AAAA' }, 'UNAUTHENTICATED'],
        [{ token: 'AAAA' }, 'UNAUTHENTICATED'],
        [{ token: 'x'.repeat(256) }, 'INVALID_INPUT token'],
      ] as const)
        expect(await outcome('setPassword', { ...given, ...input }, null)).toBe(expected);
      await setPassword(passwordLink.token);
    });

    test('that is guessed counts as a wrong password, as does a wrong current password', async () => {
      const wrong = { token: 'password_1_AAAA', password: PASSWORD };
      await send('setPassword', wrong, null);
      const { count } = await app.database.prisma.logInAttempts.updateMany({ data: { failures: 1000 } });
      expect(count).toBe(1);
      expect(await outcome('setPassword', wrong, null)).toBe('RATE_LIMITED');
      const passwords = { currentPassword: 'wrong', newPassword: PASSWORD };
      expect(await outcome('changePassword', passwords)).toBe('RATE_LIMITED');
    });
  });

  describe('people', () => {
    test('are listed by address, name or age, and found by a part of name or address, and by role', async () => {
      await create({ name: 'Ada', email: 'z@example.com', roles: ['Web'] });
      await create({ name: 'Bob', email: 'b@example.com' });
      const list = async (args: string) =>
        (await ask(`{ persons${args} { totalCount nodes { name } } }`)).persons;
      const names = async (args: string) => (await list(args)).nodes.map(({ name }: Payload) => name).join();
      expect(await list('')).toEqual({
        totalCount: 3,
        nodes: [{ name: 'Bob' }, { name: 'Jane Doe' }, { name: 'Ada' }],
      });
      expect(await names('(orderBy: { field: NAME, direction: ASC })')).toBe('Ada,Bob,Jane Doe');
      expect(await names('(orderBy: { field: CREATED_AT, direction: ASC }, first: 1)')).toBe('Jane Doe');
      expect(await names('(filter: { search: "AD" })')).toBe('Ada');
      expect(await names('(filter: { search: "b@EX" })')).toBe('Bob');
      const { roles } = await ask('{ roles { id name } }');
      const web = roles.find(({ name }: Payload) => name === 'Web').id;
      expect(await names(`(filter: { roleIds: ["${web}"] })`)).toBe('Ada');
      const page = await ask('{ persons(first: 1) { edges { cursor } } }');
      expect(await names(`(after: "${page.persons.edges[0].cursor}")`)).toBe('Jane Doe,Ada');
    });

    test('show more than name and address only to themselves and to callers with ViewRole', async () => {
      const { token } = await join();
      const shown = 'version hasPassword createdAt roles { name }';
      const document = `{ viewer { person { ${shown} } } scripts { nodes { createdBy { name ${shown} } } } }`;
      const nothing = { version: null, hasPassword: null, createdAt: null, roles: null };
      const seer = await world.person({ permissions: ['ViewScript'], groups: [world.account.root] });
      expect((await ask(document, seer)).scripts.nodes[0].createdBy).toEqual({
        name: 'Jane Doe',
        ...nothing,
      });
      expect((await ask(`{ viewer { person { ${shown} } } }`, token)).viewer.person).toEqual({
        version: 1,
        hasPassword: true,
        createdAt: expect.any(String),
        roles: null,
      });
      expect((await ask(document)).scripts.nodes[0].createdBy).toMatchObject({
        version: 1,
        roles: [{ name: 'GlobalAdmin' }],
      });
    });
  });

  describe('a person who is changed', () => {
    test('has new roles immediately, and a new version for each change, through the person or the role', async () => {
      const { id, token } = await join({ roles: ['Web'] });
      const edit = async (input: object) => (await act('updatePerson', { id, ...input })).person;
      expect(await edit({ roles: [] })).toMatchObject({ version: 2, roles: [] });
      expect(await outcome('updatePerson', { id, name: 'G' }, token)).toBe('done');
      const { roles } = await ask('{ roles { id name version } }');
      const web = roles.find(({ name }: Payload) => name === 'Web');
      await act('updateRole', { id: web.id, persons: [GRACE.email] });
      expect(await graces()).toMatchObject({ name: 'G', version: 4, roles: [{ name: 'Web' }] });
      expect((await ask(`{ script(id: ${things.script}) { title } }`, token)).script).not.toBeNull();
      expect(await edit({ name: 'G', roleIds: [web.id], expectedVersion: 4 })).toMatchObject({ version: 4 });
      const clash = await send('updatePerson', { id, name: 'H', expectedVersion: 3 });
      expect(clash.data!.done).toMatchObject({
        person: null,
        current: { version: 4, name: 'G' },
        userErrors: [{ code: 'VERSION_CLASH', field: 'expectedVersion' }],
      });
    });

    test('to another address, and not just another case, logs in only with that, and an unused link is revoked', async () => {
      const { id, token } = await join();
      const { passwordLink } = await act('resetPassword', { id });
      expect(await outcome('updatePerson', { id, email: 'jane@EXAMPLE.com' })).toBe('TITLE_TAKEN email');
      await act('updatePerson', { id, email: 'Grace@Example.com' });
      expect(await isGood(token)).toBe(true);
      await act('updatePerson', { id, email: 'hopper@example.com' });
      expect(await isGood(token)).toBe(false);
      expect((await logIn()).errors).toHaveLength(1);
      expect((await logIn({ email: 'hopper@example.com' })).errors).toBeUndefined();
      const link = { token: passwordLink.token, password: PASSWORD };
      expect(await outcome('setPassword', link, null)).toBe('UNAUTHENTICATED');
    });
  });

  describe('a caller who manages people with less than all permissions', () => {
    const manager = () => world.person({ accountPermissions: ['ViewRole', 'ManageRole'], groups: [] });

    test('cannot give a person a role that grants more than the caller holds', async () => {
      const { person } = await create({ email: 'few@example.com' });
      const token = await manager();
      expect(await outcome('createPerson', { ...GRACE, roles: ['Web'] }, token)).toBe('FORBIDDEN');
      expect(await outcome('updatePerson', { id: person.id, roles: ['Web'] }, token)).toBe('FORBIDDEN');
    });

    test('cannot change, remove or create a link for a person whose roles grant more', async () => {
      const token = await manager();
      const jane = await idOf('jane@example.com');
      for (const [mutation, input] of [
        ['updatePerson', { name: 'X' }],
        ['updatePerson', { email: 'x@example.com' }],
        ['removePerson', {}],
        ['resetPassword', {}],
      ] as const)
        expect([mutation, await outcome(mutation, { id: jane, ...input }, token)]).toEqual([
          mutation,
          'FORBIDDEN',
        ]);
      const { person } = await create();
      expect(await outcome('resetPassword', { id: person.id }, token)).toBe('done');
    });

    test('cannot create a link for themselves, which would bypass their password', async () => {
      expect(await outcome('resetPassword', { id: await idOf('jane@example.com') })).toBe('INVALID_INPUT id');
    });
  });

  describe('a person who is removed', () => {
    test('loses access immediately, and their objects stay without a creator', async () => {
      const { id, token } = await join({ roles: ['GlobalAdmin'] });
      const { data } = await app.graphql(
        'mutation { createScript(input: { title: "Graces", code: "true", interpreter: "/bin/sh" }) { script { id } } }',
        {},
        token,
      );
      expect(await act('removePerson', { id })).toEqual({ removedId: id, userErrors: [] });
      expect(await isGood(token)).toBe(false);
      expect((await logIn()).errors).toHaveLength(1);
      const { script } = await ask(
        `{ script(id: "${data.createScript.script.id}") { title createdBy { name } lastEditedBy { name } versions { nodes { createdBy { name } } } } }`,
      );
      expect(script).toEqual({
        title: 'Graces',
        createdBy: null,
        lastEditedBy: null,
        versions: { nodes: [{ createdBy: null }] },
      });
      expect(await outcome('removePerson', { id })).toBe('NOT_FOUND id');
    });

    test('is never the last person with GlobalAdmin, and neither is one who loses that role', async () => {
      const jane = await idOf('jane@example.com');
      expect(await outcome('removePerson', { id: jane })).toBe('INVALID_INPUT id');
      expect(await outcome('updatePerson', { id: jane, roles: ['Web'] })).toBe('INVALID_INPUT roles');
      const { token } = await join({ roles: ['GlobalAdmin'] });
      expect(await outcome('removePerson', { id: jane }, token)).toBe('done');
    });
  });

  describe('the caller’s own password', () => {
    const change = (input: object, token: string) =>
      send('changePassword', { currentPassword: PASSWORD, newPassword: 'another password', ...input }, token);

    test('is changed with the current one, which revokes all earlier tokens but no access keys', async () => {
      const { token } = await join();
      const other = (await logIn()).data!.done.session.token;
      const key = await app.graphql(
        'mutation { createAccessKey(input: { title: "CI" }) { secretKey accessKey { key } } }',
        {},
        token,
      );
      const { data } = await change({}, token);
      expect(data!.done.userErrors).toEqual([]);
      const { session } = data!.done;
      expect([await isGood(token), await isGood(other), await isGood(session.token)]).toEqual([
        false,
        false,
        true,
      ]);
      expect((await logIn()).errors).toHaveLength(1);
      expect((await logIn({ password: 'another password' })).errors).toBeUndefined();
      const { accessKey, secretKey } = key.data.createAccessKey;
      const byKey = await send('loginWithAccessKey', { accessKey: accessKey.key, secretKey }, null);
      expect(byKey.errors).toBeUndefined();
    });

    test('is not changed with a wrong current one or a short new one, and the refusal shows neither', async () => {
      const { token } = await join();
      for (const [input, field, found] of [
        [{ currentPassword: 'wrong' }, 'currentPassword', 'another'],
        [{ newPassword: 'seven 7' }, 'newPassword', '7 characters'],
      ] as const) {
        const { data } = await change(input, token);
        expect(data!.done.userErrors).toMatchObject([{ code: 'INVALID_INPUT', field, found }]);
      }
      expect(await isGood(token)).toBe(true);
      expect((await logIn()).errors).toBeUndefined();
    });
  });

  describe('if two accounts have a person with the same address', () => {
    /** Creates an account whose administrator the operator created, as `npm run admin` does. */
    const other = async () => {
      await app.addAccount('other', GRACE.email);
      await app.setPassword(PASSWORD, GRACE.email, 'other');
    };
    const accountsOf = async (token: string) =>
      (await ask('{ viewer { accounts { name } } }', token)).viewer.accounts.map(({ name }: Payload) => name);

    test('a person whom an administrator created cannot switch to the other account, but the other person can', async () => {
      await other();
      const { token } = await join();
      expect(await accountsOf(token)).toEqual(['acme']);
      expect(await outcome('switchAccount', { accountName: 'other' }, token)).toBe(
        'INVALID_INPUT accountName',
      );
      const vouched = (await logIn()).data!.done.session;
      expect(vouched.viewer.accountName).toBe('other');
      expect(await accountsOf(vouched.token)).toEqual(['acme', 'other']);
      await act('switchAccount', { accountName: 'acme' }, vouched.token);
    });

    test.each([
      ['another address', (id: string) => act('updatePerson', { id, email: GRACE.email })],
      [
        'a link for a password',
        async (id: string) => {
          await app.database.prisma.person.updateMany({
            where: { name: 'Ada' },
            data: { email: GRACE.email, emailKey: GRACE.email, accountManaged: false },
          });
          await setPassword((await act('resetPassword', { id })).passwordLink.token);
        },
      ],
    ])(
      'an administrator who gives a person %s gets access to the other account through neither',
      async (_, give) => {
        await other();
        const { person, passwordLink } = await create({ name: 'Ada', email: 'ada@example.com' });
        await setPassword(passwordLink.token);
        await give(person.id);
        const { session } = (await logIn({ account: 'acme' })).data!.done;
        expect(await outcome('switchAccount', { accountName: 'other' }, session.token)).toBe(
          'INVALID_INPUT accountName',
        );
      },
    );

    test('a log-in to one account does not reduce the count of guesses at the other', async () => {
      await other();
      await join();
      await logIn({ account: 'other', password: 'wrong' });
      await app.database.prisma.logInAttempts.updateMany({
        where: { subject: { startsWith: 'email:' } },
        data: { failures: 1000 },
      });
      expect((await logIn({ account: 'acme' })).errors).toBeUndefined();
      const { errors } = await logIn({ account: 'other' });
      expect(errors![0].extensions.code).toBe('RATE_LIMITED');
    });

    test('a password change applies to both accounts if the operator created the person', async () => {
      await other();
      await app.addAccount('third', GRACE.email);
      const { token } = (await logIn()).data!.done.session;
      await act('changePassword', { currentPassword: PASSWORD, newPassword: 'another password' }, token);
      for (const account of ['other', 'third'])
        expect((await logIn({ account, password: 'another password' })).errors).toBeUndefined();
    });
  });

  test('the event log has all changes, and no secret', async () => {
    const { id, token } = await join({ roles: ['Web'] });
    await act('updatePerson', { id, name: 'Hopper', roles: [] });
    const passwords = { currentPassword: 'wrong guess', newPassword: 'another password' };
    await send('changePassword', passwords, token);
    await act('changePassword', { ...passwords, currentPassword: PASSWORD }, token);
    await act('resetPassword', { id });
    await act('removePerson', { id });
    const entered = await events();
    const jane = 'by jane@example.com';
    const herself = `${GRACE.email} by ${GRACE.email}`;
    expect(entered.slice(1)).toEqual([
      `PERSON_CREATED ${GRACE.email} ${jane}, name: null → "Grace", email: null → "${GRACE.email}", roles: null → ["Web"]`,
      `ROLE_EDITED Web ${jane}, persons: [] → ["${GRACE.email}"]`,
      `PASSWORD_LINK_MADE ${GRACE.email} ${jane}`,
      `PASSWORD_SET ${herself}`,
      `LOGGED_IN null by ${GRACE.email}`,
      `PERSON_EDITED ${GRACE.email} ${jane}, name: "Grace" → "Hopper", roles: ["Web"] → []`,
      `ROLE_EDITED Web ${jane}, persons: ["${GRACE.email}"] → []`,
      `PASSWORD_REFUSED ${herself}`,
      `PASSWORD_CHANGED ${herself}`,
      `PASSWORD_LINK_MADE ${GRACE.email} ${jane}`,
      `PERSON_REMOVED ${GRACE.email} ${jane}, name: "Hopper" → null, email: "${GRACE.email}" → null, roles: [] → null`,
    ]);
  });
}
