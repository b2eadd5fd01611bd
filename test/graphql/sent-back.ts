import { beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphQLInputObjectType, isNonNullType } from 'graphql';
import { globalId } from '../../src/graphql/common/global-id.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { mutate, type Payload } from './mutate.ts';

// A form sends back the values that it received, and null for unset values. Neither changes anything.
export function sentBack(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const john = () => app.token();
  const act = (name: string, input: object, selection = '') => mutate(app, name, input, selection, john());
  const read = async (document: string): Promise<Payload> => (await app.graphql(document)).data;

  const PROFILE = `title username timeLimit allComputers tags overlap deliverWithin version pauseNote
  trigger { ... on RecurringTrigger { interval startAfter } }`;
  const SCRIPT = 'title interpreter code timeLimit username versionNumber lastEditedAt';
  const ROLE = 'name description permissions accountPermissions accessGroups { name } persons { email }';

  /** For each mutation that changes readable data: the query, and the input that is built from its answer. */
  const cases: Readonly<
    Record<string, { read: string; own: object; shown(object: Payload): object; arrange?: () => unknown }>
  > = {
    updateScriptProfile: {
      read: `{ object: scriptProfile(id: 5) { ${PROFILE} } }`,
      own: { id: '5' },
      shown: ({ version, pauseNote, trigger, ...fields }) => ({ ...fields, trigger: { recurring: trigger } }),
    },
    updateScript: {
      read: `{ object: script(id: 35) { ${SCRIPT} } }`,
      own: { id: '35' },
      shown: ({ versionNumber, lastEditedAt, ...fields }) => fields,
    },
    updateRole: {
      read: `{ object: node(id: "$role") { ... on Role { ${ROLE} } } }`,
      own: { id: '$role' },
      shown: ({ accessGroups, persons, ...fields }) => ({
        ...fields,
        accessGroups: accessGroups.map(({ name }: Payload) => name),
        persons: persons.map(({ email }: Payload) => email),
      }),
    },
    updatePerson: {
      read: '{ object: node(id: "$person") { ... on Person { name email roles { name } } } }',
      own: { id: '$person' },
      shown: ({ roles, ...fields }) => ({ ...fields, roles: roles.map(({ name }: Payload) => name) }),
    },
    updateAccessGroup: {
      read: `{ object: node(id: "${globalId('AccessGroup', 2)}") { ... on AccessGroup { title parent { name } } } }`,
      own: { id: '2' },
      shown: ({ title, parent }) => ({ title, parent: parent.name }),
    },
    updateComputer: {
      read: '{ object: computer(id: 1) { title comment tags accessGroup { name } } }',
      own: { id: '1' },
      shown: ({ accessGroup, ...fields }) => ({ ...fields, accessGroup: accessGroup.name }),
      arrange: () => act('updateComputer', { id: '1', comment: 'A note', tags: ['a'] }),
    },
    updateSavedSearch: {
      read: '{ object: savedSearches { title search } }',
      own: { name: 'saved' },
      shown: ([saved]) => saved,
      arrange: () => act('createSavedSearch', { title: 'Saved', search: 'tag:a OR tag:b' }),
    },
    updateLimits: {
      read: '{ object: limits { maxNumComputers maxNumProfiles minInterval } }',
      own: {},
      shown: (limits) => limits,
    },
    updatePreferences: {
      read: '{ object: preferences { title autoRegisterNewComputers hasRegistrationKey } }',
      own: {},
      shown: ({ hasRegistrationKey, ...fields }) => ({ ...fields, registrationKey: null }),
      arrange: () => act('updatePreferences', { registrationKey: 'open sesame' }),
    },
    pauseScriptProfile: {
      read: `{ object: scriptProfile(id: 4) { ${PROFILE} } }`,
      own: { id: '4' },
      shown: ({ pauseNote }) => ({ note: pauseNote }),
      arrange: () => act('pauseScriptProfile', { id: '4', note: 'Holidays' }),
    },
  };

  const inputs = Object.fromEntries(
    Object.entries(createSchema().getMutationType()!.getFields()).map(([name, { args }]) => [
      name,
      args[0] && ((args[0].type as unknown as { ofType: GraphQLInputObjectType }).ofType ?? args[0].type),
    ]),
  );

  test('the table lists every mutation that changes readable data of one object', () => {
    const changing = Object.entries(inputs).flatMap(([name, input]) =>
      /^(update|pause)/.test(name) && input && !('ids' in input.getFields()) ? [name] : [],
    );
    expect(Object.keys(cases).sort()).toEqual(changing.sort());
  });

  describe.each(Object.entries(cases))('%s', (name, { read: document, own, shown, arrange }) => {
    const withIds = async <Value>(value: Value): Promise<Value> => {
      const { roles } = await read('{ roles { id persons { id } } }');
      const [{ id, persons }] = roles;
      return JSON.parse(JSON.stringify(value).replaceAll('$role', id).replaceAll('$person', persons[0].id));
    };
    const object = async () => (await read(await withIds(document))).object;

    test('with the values that a query returned changes nothing', async () => {
      await arrange?.();
      const was = await object();
      expect((await act(name, await withIds({ ...own, ...shown(was) }))).userErrors).toEqual([]);
      expect(await object()).toEqual(was);
    });

    test('with null only changes nothing', async () => {
      await arrange?.();
      const was = await object();
      const optional = Object.values(inputs[name]!.getFields()).filter(({ type }) => !isNonNullType(type));
      const nulls = Object.fromEntries(optional.map((field) => [field.name, null]));
      expect((await act(name, await withIds({ ...nulls, ...own }))).userErrors).toEqual([]);
      expect(await object()).toEqual(was);
    });
  });

  test('pausing again with an empty note removes the note', async () => {
    await act('pauseScriptProfile', { id: '5', note: 'Holidays' });
    await act('pauseScriptProfile', { id: '5', note: '' });
    expect(await read('{ scriptProfile(id: 5) { pausedAt pauseNote } }')).toEqual({
      scriptProfile: { pausedAt: expect.any(String), pauseNote: null },
    });
  });
}
