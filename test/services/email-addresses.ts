import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { makeAdministrator } from '../../src/repositories/accounts/administrators.ts';
import { createStore } from '../../src/repositories/store.ts';
import { hashPassword } from '../../src/services/accounts/password.ts';
import { createServices, type Services } from '../../src/services/index.ts';
import { CHEAP } from '../support/builders.ts';
import { freshDatabase, resetDatabase } from '../support/database.ts';

export function emailAddresses(): void {
  // All spellings of an e-mail address mean the same person.

  const PASSWORD = 'correct horse battery staple';
  const origin = { address: '192.0.2.1', requestId: 'request' };
  const spellings = ['john@example.com', 'John@Example.COM', ' JOHN@example.com '];

  let database: Database;
  let services: Services;
  let passwordHash: string;
  beforeAll(async () => {
    database = await freshDatabase();
    services = createServices(createStore(database.prisma));
    passwordHash = await hashPassword(PASSWORD, CHEAP);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await resetDatabase(database);
    await save('John@Example.com', 'acme');
  });

  const save = (email: string, account: string, hash = passwordHash) =>
    makeAdministrator(database.prisma, { account, email, name: 'John', passwordHash: hash });

  test.each(spellings)('%j logs in, and names the person in a token', async (email) => {
    const { identity } = await services.logIns.withPassword({ email, password: PASSWORD }, origin);
    expect(identity).toMatchObject({ accountName: 'acme', email: 'John@Example.com' });
    expect(await services.people.caller('acme', email)).toMatchObject({ personId: identity.personId });
  });

  test.each(spellings)('saving %j again updates the existing person', async (email) => {
    await save(email, 'acme', await hashPassword('another password', CHEAP));
    expect(await database.prisma.person.findMany({ select: { email: true } })).toEqual([
      { email: 'John@Example.com' },
    ]);
    await expect(services.logIns.withPassword({ email, password: PASSWORD }, origin)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test('spellings of one address in several accounts mean one person with one password', async () => {
    await save('JOHN@EXAMPLE.COM', 'other');
    await save('john@example.com', 'other', await hashPassword('the new password', CHEAP));
    for (const account of ['acme', 'other']) {
      const credentials = { email: 'john@Example.com', password: 'the new password', account };
      expect((await services.logIns.withPassword(credentials, origin)).identity.accountName).toBe(account);
    }
    const caller = (await services.people.caller('acme', 'john@example.com'))!;
    expect((await services.logIns.switchAccount(caller, 'other')).identity.accountName).toBe('other');
  });

  test('a role accepts any spelling of a person’s address, and several as one', async () => {
    const caller = (await services.people.caller('acme', 'john@example.com'))!;
    const draft = {
      name: 'Watchers',
      description: '',
      permissions: [],
      accountPermissions: [],
      accessGroups: [],
    };
    const role = await services.roles.create(caller, {
      ...draft,
      persons: ['JOHN@example.com', 'john@EXAMPLE.com'],
    });
    expect(role.persons.map(({ email }) => email)).toEqual(['John@Example.com']);
    const unknown = services.roles.create(caller, {
      ...draft,
      name: 'Others',
      persons: ['joan@example.com'],
    });
    await expect(unknown).rejects.toMatchObject({ code: 'INVALID_INPUT', detail: { field: 'persons' } });
  });
}
