import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import { createStore } from '../../src/repositories/store.ts';
import { createServices } from '../../src/services/index.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { insert } from '../support/rows.ts';
import { AccessWorld, outcomeOf, type Things } from './access-world.ts';

export function events(): void {
  let app: TestApp;
  let world: AccessWorld;
  let web: AccessGroup;
  let now = '2025-05-01T08:00:00.123000Z';

  beforeAll(async () => {
    app = await startApp({
      seed: 'none',
      now: () => now,
      environment: { TRUSTED_PROXIES: '127.0.0.1' },
    });
    world = await AccessWorld.in(app);
    web = await world.group('web');
  });
  afterAll(() => app.close());

  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  type Any = any;
  const EVENT = `action createdAt person { name email } computerId address requestId entityType entityId entityTitle
  changes { field from to }`;

  async function events(filter = '', token = world.admin): Promise<Any[]> {
    const { data, errors } = await app.graphql(
      `{ events(first: 1000${filter}) { nodes { ${EVENT} } } }`,
      {},
      token,
    );
    expect(errors).toBeUndefined();
    return data.events.nodes;
  }

  const act = (name: string, input: object, token = world.admin) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { done: ${name}(input: $input) { userErrors { code message } } }`;
    return app.graphql(document, { input }, token);
  };

  /** Runs the work, and returns the new entries, oldest first. A change has the form `field: from → to`. */
  async function entered(work: () => Promise<unknown>) {
    const before = (await events()).length;
    await work();
    const after = await events();
    return after
      .slice(0, after.length - before)
      .reverse()
      .map((event) => ({
        ...event,
        changes: event.changes.map(({ field, from, to }: Any) => `${field}: ${from} → ${to}`),
      }));
  }

  const trigger = { recurring: { interval: '0 6 * * *', startAfter: '2025-05-01T00:00:00Z' } };
  const draft = ({ script }: Things) => ({
    title: 'Made',
    scriptId: script,
    username: 'root',
    timeLimit: 60,
    trigger,
  });

  interface Deed {
    readonly mutation: string;
    readonly input: (things: Things) => object;
    /** `ACTION Type title`, and the changes. */
    readonly leaves: readonly (readonly [string, ...string[]])[];
  }

  const deeds: Deed[] = [
    {
      mutation: 'createScriptProfile',
      input: draft,
      leaves: [
        [
          'SCRIPT_PROFILE_CREATED ScriptProfile Made',
          'scriptId: null → $script',
          'title: null → "Made"',
          'username: null → "root"',
          'timeLimit: null → 60',
          'trigger: null → {"kind":"recurring","interval":"0 6 * * *","startAfter":"2025-05-01T00:00:00.000000Z"}',
          'allComputers: null → false',
          'tags: null → []',
          'overlap: null → "ALLOW"',
        ],
      ],
    },
    {
      mutation: 'updateScriptProfile',
      input: ({ profile }) => ({ id: profile, title: 'Renamed', tags: ['tag'], timeLimit: 60 }),
      leaves: [
        [
          'SCRIPT_PROFILE_EDITED ScriptProfile Profile $profile',
          'title: "Profile $profile" → "Renamed"',
          'timeLimit: 300 → 60',
        ],
      ],
    },
    {
      mutation: 'updateScriptProfile',
      input: ({ profile }) => ({ id: profile, timeLimit: 300 }),
      leaves: [],
    },
    {
      mutation: 'pauseScriptProfile',
      input: ({ profile }) => ({ id: profile, note: 'broken' }),
      leaves: [['SCRIPT_PROFILE_PAUSED ScriptProfile Profile $profile', 'pauseNote: null → "broken"']],
    },
    { mutation: 'resumeScriptProfile', input: ({ profile }) => ({ id: profile }), leaves: [] },
    {
      mutation: 'archiveScriptProfile',
      input: ({ profile }) => ({ id: profile }),
      leaves: [['SCRIPT_PROFILE_ARCHIVED ScriptProfile Profile $profile']],
    },
    {
      mutation: 'cancelActivity',
      input: ({ run }) => ({ id: run }),
      leaves: [['ACTIVITY_CANCELED Activity Run script']],
    },
    {
      mutation: 'cancelActivities',
      input: ({ run, execution }) => ({ query: `id:${run} OR id:${execution}` }),
      leaves: [['ACTIVITY_CANCELED Activity Run script'], ['ACTIVITY_CANCELED Activity Run script']],
    },
    {
      mutation: 'addScriptAttachment',
      input: ({ script }) => ({ scriptId: script, filename: 'key.pem', content: 'c2VjcmV0' }),
      leaves: [['SCRIPT_EDITED Script Script $script', 'attachments: [] → ["key.pem"]']],
    },
    {
      mutation: 'createScript',
      input: () => ({ title: 'New', code: 'echo secret', interpreter: '/bin/sh', accessGroup: 'web' }),
      leaves: [
        [
          'SCRIPT_CREATED Script New',
          'title: null → "New"',
          'interpreter: null → "/bin/sh"',
          'versionNumber: null → 1',
          'timeLimit: null → 300',
          'username: null → ""',
          'accessGroup: null → "web"',
        ],
      ],
    },
    {
      mutation: 'updateScript',
      input: ({ script }) => ({ id: script, code: 'echo another secret' }),
      leaves: [['SCRIPT_EDITED Script Script $script', 'versionNumber: 1 → 2']],
    },
    {
      mutation: 'archiveScript',
      input: ({ script }) => ({ id: script }),
      leaves: [
        ['SCRIPT_ARCHIVED Script Script $script'],
        ['SCRIPT_PROFILE_ARCHIVED ScriptProfile Profile $profile'],
      ],
    },
    {
      mutation: 'redactScript',
      input: ({ script }) => ({ id: script }),
      leaves: [
        ['SCRIPT_REDACTED Script Script $script'],
        ['SCRIPT_PROFILE_ARCHIVED ScriptProfile Profile $profile'],
      ],
    },
    {
      mutation: 'retagComputers',
      input: ({ computer }) => ({ ids: [computer], add: ['new'] }),
      leaves: [['COMPUTER_EDITED Computer Computer $computer', 'tags: ["tag-web"] → ["tag-web","new"]']],
    },
    {
      mutation: 'retagComputers',
      input: ({ computer }) => ({ ids: [computer], add: ['tag-web'] }),
      leaves: [],
    },
    {
      mutation: 'regroupComputers',
      input: ({ computer }) => ({ ids: [computer], accessGroup: 'global' }),
      leaves: [['COMPUTER_EDITED Computer Computer $computer', 'accessGroup: "web" → "global"']],
    },
    {
      mutation: 'acceptComputers',
      input: ({ pending, computer }) => ({ ids: [computer, pending] }),
      leaves: [['COMPUTER_ACCEPTED Computer Computer $pending']],
    },
    {
      mutation: 'rejectComputers',
      input: ({ pending }) => ({ ids: [pending] }),
      leaves: [['COMPUTER_REJECTED Computer Computer $pending']],
    },
    {
      mutation: 'removeComputer',
      input: ({ computer }) => ({ id: computer }),
      leaves: [['COMPUTER_REMOVED Computer Computer $computer']],
    },
    {
      mutation: 'enrolComputer',
      input: () => ({ hostname: 'web-1' }),
      leaves: [['COMPUTER_ENROLLED Computer web-1']],
    },
    {
      mutation: 'createAccessGroup',
      input: () => ({ title: 'New group' }),
      leaves: [['ACCESS_GROUP_CREATED AccessGroup New group', 'parent: null → "global"']],
    },
    {
      mutation: 'updateLimits',
      input: () => ({ maxNumProfiles: 1000, maxNumComputers: 5000 }),
      leaves: [['LIMITS_EDITED Account acme', 'maxNumProfiles: 10 → 1000']],
    },
    {
      mutation: 'updatePreferences',
      input: () => ({ registrationKey: 'open sesame' }),
      leaves: [['PREFERENCES_EDITED Account acme', 'registrationKey: null → "set"']],
    },
    {
      mutation: 'updatePreferences',
      input: () => ({ title: 'Acme Corporation' }),
      leaves: [['PREFERENCES_EDITED Account acme', 'title: "acme" → "Acme Corporation"']],
    },
    {
      mutation: 'updatePreferences',
      input: () => ({ registrationKey: 'another sesame' }),
      leaves: [['PREFERENCES_EDITED Account acme', 'registrationKey: "set" → "replaced"']],
    },
    {
      mutation: 'createRole',
      input: () => ({
        name: 'Watchers',
        permissions: ['VIEW_SCRIPT'],
        accessGroups: ['web'],
        persons: ['jane@example.com'],
      }),
      leaves: [
        [
          'ROLE_CREATED Role Watchers',
          'name: null → "Watchers"',
          'description: null → ""',
          'permissions: null → ["ViewScript"]',
          'accountPermissions: null → []',
          'accessGroups: null → ["web"]',
          'persons: null → ["jane@example.com"]',
        ],
      ],
    },
  ];

  describe('the event log', () => {
    test.each(deeds)(
      'has for $mutation the actor, time, address, object and changes',
      async ({ mutation, input, leaves }) => {
        const things = await world.fill(web);
        const left = await entered(async () =>
          expect(outcomeOf(await act(mutation, input(things)))).toBe('done'),
        );
        const named = (text: string) =>
          text.replaceAll(/\$(\w+)/g, (_, name) => String(things[name as keyof Things]));
        expect(
          left.map(({ action, entityType, entityTitle, changes }) => [
            `${action} ${entityType} ${entityTitle}`,
            ...changes,
          ]),
        ).toEqual(leaves.map((lines) => lines.map(named)));
        for (const event of left) {
          expect(event).toMatchObject({
            createdAt: now,
            person: { name: 'Jane Doe', email: 'jane@example.com' },
            computerId: null,
            address: '127.0.0.1',
            requestId: expect.stringMatching(/^[\w-]{36}$/),
            entityId: expect.any(Number),
          });
        }
      },
    );

    test('has the run for a manual run, and nothing for a retry with the same key', async () => {
      const { profile } = await world.fill(web);
      const run = { id: profile, idempotencyKey: 'once' };
      const [event, ...others] = await entered(() => act('runScriptProfile', run));
      expect(event).toMatchObject({
        action: 'SCRIPT_PROFILE_RUN',
        entityId: profile,
        changes: [expect.stringMatching(/^activity: null → \d+$/)],
      });
      expect(others).toEqual([]);
      expect(await entered(() => act('runScriptProfile', run))).toEqual([]);
    });

    test('has the run for a script that is run without a profile', async () => {
      const { script } = await world.fill(web);
      const run = { scriptId: script, query: 'tag:none', username: 'root' };
      expect(await entered(() => act('runScript', run))).toMatchObject([
        {
          action: 'SCRIPT_RUN',
          entityId: script,
          changes: [expect.stringMatching(/^activity: null → \d+$/)],
        },
      ]);
    });

    test('has the permissions before and after an edit or deletion of a role', async () => {
      const { data } = await app.graphql('{ roles { id name } }', {}, world.admin);
      const { id } = data.roles.find(({ name }: Any) => name === 'Watchers');
      const edit = { id, accessGroups: ['global'], description: '' };
      expect(await entered(() => act('updateRole', edit))).toMatchObject([
        { action: 'ROLE_EDITED', entityTitle: 'Watchers', changes: ['accessGroups: ["web"] → ["global"]'] },
      ]);
      expect(await entered(() => act('updateRole', edit))).toEqual([]);
      expect(await entered(() => act('deleteRole', { id }))).toMatchObject([
        { action: 'ROLE_DELETED', entityTitle: 'Watchers', changes: [] },
      ]);
    });

    test('has nothing for a refusal by a rule', async () => {
      const { profile } = await world.fill(web);
      await act('archiveScriptProfile', { id: profile });
      const edit = () => act('updateScriptProfile', { id: profile, title: 'Too late' });
      expect(await entered(async () => expect(outcomeOf(await edit())).toBe('PROFILE_ARCHIVED'))).toEqual([]);
    });

    test('has the actor, action and object of a refusal by permission, and nothing else is changed', async () => {
      const { profile } = await world.fill(web);
      const token = await world.everythingBut('ManageScriptProfile');
      for (const api of ['graph', 'rest'] as const) {
        const left = await entered(() =>
          api === 'graph'
            ? act('archiveScriptProfile', { id: profile }, token)
            : app.rest(
                'POST',
                `/script-profiles/${profile}:archive`,
                {},
                { authorization: `Bearer ${token}`, 'x-request-id': 'mine' },
              ),
        );
        expect(left).toEqual([
          expect.objectContaining({
            action: 'PERMISSION_REFUSED',
            person: expect.objectContaining({ email: expect.stringMatching(/^person/) }),
            address: '127.0.0.1',
            requestId: api === 'rest' ? 'mine' : expect.any(String),
            entityType: 'ScriptProfile',
            entityId: profile,
            changes: [
              'permission: null → "ManageScriptProfile"',
              'operation: null → "scriptProfiles.archive"',
            ],
          }),
        ]);
      }
      const { data } = await app.graphql(`{ scriptProfile(id: ${profile}) { archived } }`, {}, world.admin);
      expect(data.scriptProfile.archived).toBe(false);
    });

    test('has one entry for a list that is refused twenty times in one request', async () => {
      const token = await world.everythingBut('ViewScript');
      const aliases = Array.from({ length: 20 }, (_, n) => `s${n}: scripts { totalCount nodes { id } }`).join(
        ' ',
      );
      const left = await entered(() => app.graphql(`{ ${aliases} }`, {}, token));
      expect(left.map(({ action, changes }) => [action, ...changes])).toEqual([
        ['PERMISSION_REFUSED', 'permission: null → "ViewScript"', 'operation: null → "scripts.page"'],
      ]);
    });

    test('has no person for a computer that enrols with the registration key', async () => {
      await act('updatePreferences', { registrationKey: 'open sesame', autoRegisterNewComputers: true });
      const left = await entered(() =>
        fetch(`${app.url}/graphql`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Basic ${Buffer.from('acme:open sesame').toString('base64')}`,
          },
          body: JSON.stringify({
            query: 'mutation { enrolComputer(input: { hostname: "web-2" }) { token } }',
          }),
        }),
      );
      expect(left.map(({ action, person, address }) => [action, person, address])).toEqual([
        ['COMPUTER_ENROLLED', null, '127.0.0.1'],
        ['COMPUTER_ACCEPTED', null, '127.0.0.1'],
      ]);
    });

    test('contains neither code nor keys', async () => {
      const all = JSON.stringify(await world.prisma.event.findMany(), (_, value) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      expect(all.length).toBeGreaterThan(1000);
      expect(all).not.toMatch(/secret|sesame/);
    });

    test('can be filtered by action, person and time', async () => {
      const all = await events();
      const archived = await events(', filter: { actions: [SCRIPT_ARCHIVED, SCRIPT_REDACTED] }');
      expect(archived.map(({ action }) => action)).toEqual(['SCRIPT_REDACTED', 'SCRIPT_ARCHIVED']);
      const { data } = await app.graphql('{ viewer { person { id databaseId } } }', {}, world.admin);
      for (const id of [data.viewer.person.id, data.viewer.person.databaseId]) {
        const mine = await events(`, filter: { personId: "${id}" }`);
        expect(mine).toEqual(all.filter(({ person }) => person?.email === 'jane@example.com'));
      }
      now = '2025-05-01T09:00:00.000000Z';
      await act('updateLimits', { minInterval: 1 });
      expect(await events(', filter: { createdAt: { from: "2025-05-01T09:00:00Z" } }')).toHaveLength(1);
      expect(await events(', filter: { createdAt: { until: "2025-05-01T09:00:00Z" } }')).toEqual(all);
      expect(await events(', filter: { createdAt: { from: "2025-05-01T09:00:00.000001Z" } }')).toEqual([]);
    });

    test.each([
      ['changed', `UPDATE event SET action = 'LOGGED_IN'`],
      ['deleted', 'DELETE FROM event'],
      ['emptied', 'TRUNCATE event'],
    ])('is never %s, for any caller', async (_, statement) => {
      const before = await events();
      await expect(world.prisma.$executeRawUnsafe(statement)).rejects.toThrow('append-only');
      expect(await events()).toEqual(before);
    });

    test('is kept completely by default, and otherwise loses entries after the retention time', async () => {
      const { retention } = createServices(
        createStore(world.app.database.prisma, async () => '2025-06-01T00:00:00.000000Z'),
      );
      const old = { createdAt: '2025-05-01T23:59:59.999999Z' };
      await insert(world.prisma, 'event', world.account, [
        { id: 900_001, ...old },
        { id: 900_002, createdAt: '2025-05-02T00:00:00Z' },
      ]);
      const before = (await events()).length;
      expect(await retention.sweepEvents(0)).toBe(0);
      expect(await retention.sweepEvents(30)).toBe(before - 1);
      expect((await events()).map(({ createdAt }) => createdAt)).toEqual(['2025-05-02T00:00:00Z']);
      await expect(world.prisma.$executeRawUnsafe('DELETE FROM event')).rejects.toThrow('append-only');
    });
  });
}
