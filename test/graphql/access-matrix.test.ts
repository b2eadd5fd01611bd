import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { GroupPermission } from '../../src/domain/access.ts';
import type { AccessGroup } from '../../src/domain/access-group.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { AccessWorld, outcomeOf, type Things } from './access-world.ts';

// Who may do what: each operation, for each place in the tree where its two permissions may be held. Whoever does
// not see the thing is told that there is none; whoever sees it and may not do this, that it is forbidden.

let app: TestApp;
let world: AccessWorld;
/** Seen from the group in which things are. */
let places: Record<Place, AccessGroup | undefined>;

type Place = 'the root' | 'the group above' | 'the group' | 'the group below' | 'another group' | 'nowhere';
const holding: Record<Place, boolean> = {
  'the root': true,
  'the group above': true,
  'the group': true,
  'the group below': false,
  'another group': false,
  nowhere: false,
};
const all = Object.keys(holding) as Place[];

beforeAll(async () => {
  app = await startApp({ seed: 'none', now: NOW });
  world = await AccessWorld.in(app);
  const above = await world.group('above');
  const here = await world.group('here', above);
  places = {
    'the root': world.account.root,
    'the group above': above,
    'the group': here,
    'the group below': await world.group('below', here),
    'another group': await world.group('other', above),
    nowhere: undefined,
  };
  const limits =
    'mutation { updateLimits(input: { maxNumProfiles: 100000, maxNumComputers: 100000 }) { userErrors { code } } }';
  await app.graphql(limits, {}, world.admin);
});
afterAll(() => app.close());

const held = (permission: GroupPermission, place: Place) => ({
  permissions: [permission],
  groups: places[place] ? [places[place]] : [],
});

interface Operation {
  readonly does: string;
  readonly sees: GroupPermission;
  readonly takes: GroupPermission;
  /** The mutation and its input. */
  of(things: Things): readonly [mutation: string, input: object];
  /** Where the thing is not seen; NOT_FOUND unless told. */
  readonly unseen?: string;
}

let titles = 0;
function title(): string {
  titles += 1;
  return `Title ${titles}`;
}
const profiles = { sees: 'ViewScriptProfile', takes: 'ManageScriptProfile' } as const;
const scripts = { sees: 'ViewScript', takes: 'ManageScript' } as const;
const computers = { sees: 'ViewComputer', takes: 'ManageComputer' } as const;
const pendings = { sees: 'ViewComputer', takes: 'ManagePendingComputer' } as const;

const operations: readonly Operation[] = [
  {
    does: 'makes a profile of a script',
    sees: 'ViewScript',
    takes: 'ManageScriptProfile',
    of: ({ script }) => [
      'createScriptProfile',
      {
        title: title(),
        scriptId: script,
        username: 'root',
        timeLimit: 1,
        trigger: { event: { eventType: 'POST_ENROLLMENT' } },
      },
    ],
    unseen: 'SCRIPT_NOT_FOUND',
  },
  {
    does: 'edits a profile',
    ...profiles,
    of: ({ profile }) => ['updateScriptProfile', { id: profile, timeLimit: 7 }],
  },
  { does: 'archives a profile', ...profiles, of: ({ profile }) => ['archiveScriptProfile', { id: profile }] },
  { does: 'pauses a profile', ...profiles, of: ({ profile }) => ['pauseScriptProfile', { id: profile }] },
  { does: 'resumes a profile', ...profiles, of: ({ profile }) => ['resumeScriptProfile', { id: profile }] },
  {
    does: 'runs a profile',
    ...profiles,
    of: ({ profile }) => ['runScriptProfile', { id: profile, idempotencyKey: 'key' }],
  },
  { does: 'cancels a run', ...profiles, of: ({ run }) => ['cancelActivity', { id: run }] },
  {
    does: 'cancels a part of a run',
    ...profiles,
    of: ({ execution }) => ['cancelActivity', { id: execution }],
  },
  {
    does: 'edits a script',
    ...scripts,
    of: ({ script }) => ['updateScript', { id: script, title: title() }],
  },
  { does: 'archives a script', ...scripts, of: ({ script }) => ['archiveScript', { id: script }] },
  {
    does: 'redacts a script',
    sees: 'ViewScript',
    takes: 'RedactScript',
    of: ({ script }) => ['redactScript', { id: script }],
  },
  {
    does: 'retags a computer',
    ...computers,
    of: ({ computer }) => ['retagComputers', { ids: [computer], add: ['a'] }],
  },
  { does: 'removes a computer', ...computers, of: ({ computer }) => ['removeComputer', { id: computer }] },
  {
    does: 'moves a computer to where it is',
    ...computers,
    of: ({ computer }) => ['regroupComputers', { ids: [computer], accessGroup: 'here' }],
  },
  { does: 'accepts a computer', ...pendings, of: ({ pending }) => ['acceptComputers', { ids: [pending] }] },
  { does: 'rejects a computer', ...pendings, of: ({ pending }) => ['rejectComputers', { ids: [pending] }] },
];

async function act(token: string, mutation: string, input: object) {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { userErrors { code } } }`;
  return app.graphql(document, { input }, token);
}

describe.each(operations)('whoever $does', ({ sees, takes, of, unseen = 'NOT_FOUND' }) => {
  test.each(all)(
    `and holds ${sees} in %s, then may do so just where they hold ${takes} too`,
    async (seen) => {
      for (const taken of all) {
        const token = await world.person(held(sees, seen), held(takes, taken));
        const things = await world.fill(places['the group']!);
        // Whoever may do this nowhere is told so before anything is looked for.
        const nowhere = unseen === 'SCRIPT_NOT_FOUND' && taken === 'nowhere' ? 'FORBIDDEN' : unseen;
        const expected = holding[seen] ? (holding[taken] ? 'done' : 'FORBIDDEN') : nowhere;
        const answer = await act(token, ...of(things));
        expect({ taken, outcome: outcomeOf(answer) }).toEqual({ taken, outcome: expected });
        if (expected === 'FORBIDDEN') expect(answer.errors![0].message).toContain(takes);
      }
    },
  );
});

describe('putting something into a group', () => {
  const into: readonly [
    what: string,
    GroupPermission,
    of: (things: Things, group: string) => [string, object],
  ][] = [
    [
      'regroups a computer',
      'ManageComputer',
      ({ computer }, group) => ['regroupComputers', { ids: [computer], accessGroup: group }],
    ],
    [
      'accepts a computer',
      'ManagePendingComputer',
      ({ pending }, group) => ['acceptComputers', { ids: [pending], accessGroup: group }],
    ],
    [
      'enrols a computer',
      'ManagePendingComputer',
      (_, group) => ['enrolComputer', { hostname: 'web', accessGroup: group }],
    ],
    [
      'makes a script',
      'ManageScript',
      (_, group) => [
        'createScript',
        { title: title(), code: 'true', interpreter: '/bin/sh', accessGroup: group },
      ],
    ],
  ];

  test.each(into)('is for whoever %s and holds %s there as well', async (_, takes, of) => {
    const source = await world.group(`source of ${title()}`);
    const target = await world.group(title().replace('Title ', 'target-'));
    const views = ['ViewComputer', 'ViewScript'] as const;
    const both = [source, target];
    const attempt = async (groups: readonly AccessGroup[], seen: readonly AccessGroup[]) => {
      const token = await world.person(
        { permissions: [takes], groups },
        { permissions: views, groups: seen },
      );
      const things = await world.fill(source);
      return outcomeOf(await act(token, ...of(things, target.name)));
    };
    expect(await attempt(both, both)).toBe('done');
    expect(await attempt([source], both)).toBe('FORBIDDEN');
    // A group where they hold nothing does not exist for them.
    expect(await attempt([source], [source])).toBe('INVALID_INPUT');
  });
});

describe('what is seen but held by others', () => {
  test('a title that is taken where it is not seen, then says no more than that', async () => {
    const here = places['the group']!;
    const { profile, script } = await world.fill(places['another group']!);
    const mine = await world.fill(here);
    const permissions = ['ViewScript', 'ManageScript', 'ViewScriptProfile', 'ManageScriptProfile'] as const;
    const token = await world.person({ permissions, groups: [here] });
    const send = async (name: string, input: object, as: string) => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const document = `mutation ($input: ${type}!) { done: ${name}(input: $input) { userErrors { code message } } }`;
      return (await app.graphql(document, { input }, as)).data.done.userErrors[0];
    };
    const edits: [string, object, number][] = [
      ['updateScriptProfile', { id: mine.profile, title: `Profile ${profile}` }, profile],
      ['updateScript', { id: mine.script, title: `Script ${script}` }, script],
    ];
    for (const [name, input, id] of edits) {
      const told = await send(name, input, world.admin);
      expect(told).toMatchObject({ code: 'TITLE_TAKEN', message: expect.stringContaining(` ${id}`) });
      const kept = await send(name, input, token);
      expect(kept.code).toBe('TITLE_TAKEN');
      expect(kept.message).toMatch(/already exists\.$/);
    }
  });

  test('a run that names computers, then reaches only those of them that the caller sees', async () => {
    const here = places['the group']!;
    const { profile, computer } = await world.fill(here);
    const hidden = await world.fill(places['the group below']!);
    const token = await world.person(
      { permissions: ['ViewScriptProfile', 'ManageScriptProfile'], groups: [here] },
      { permissions: ['ViewComputer'], groups: [] },
    );
    const document = `mutation ($ids: [ID!]) {
      runScriptProfile(input: { id: ${profile}, idempotencyKey: "named", computerIds: $ids }) { activity { counts { undelivered } } }
    }`;
    const ids = [computer, hidden.computer];
    const { data } = await app.graphql(document, { ids }, token);
    expect(data.runScriptProfile.activity.counts.undelivered).toBe(0);
    const all = await app.graphql(document.replace('named', 'again'), { ids }, world.admin);
    expect(all.data.runScriptProfile.activity.counts.undelivered).toBe(2);
  });
});
