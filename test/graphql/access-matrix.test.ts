import { describe, expect, test } from '@jest/globals';
import type { GroupPermission } from '../../src/domain/accounts/access.ts';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import { AccessMatrix, holding, notHolding, operations, title } from './access-matrix.ts';
import { outcomeOf, type Things } from './access-world.ts';

// Tests each operation with each place in the tree where its two permissions may be held. A caller who may not see the
// object gets NOT_FOUND. A caller who may see it but not change it gets FORBIDDEN. Both permissions are held in one
// place, or only one of them. test/slow/access-matrix.test.ts tests every pair of places.

const matrix = new AccessMatrix();

describe.each(operations.map((operation, index) => ({ ...operation, index })))(
  'a caller who $does',
  ({ index, ...operation }) => {
    // The places alternate, so that each is tested with several operations.
    const out = notHolding[index % notHolding.length]!;
    test.each([
      ...holding.map((place) => [place, place] as const),
      ['the group', out] as const,
      [out, 'the group'] as const,
      [out, out] as const,
    ])(`needs ${operation.sees} and ${operation.takes}: held in these places: %s, %s`, (seen, taken) =>
      matrix.expectRule(operation, seen, taken),
    );
  },
);

describe('putting an object into a group', () => {
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
      'creates a script',
      'ManageScript',
      (_, group) => [
        'createScript',
        { title: title(), code: 'true', interpreter: '/bin/sh', accessGroup: group },
      ],
    ],
  ];

  test.each(into)('is allowed if the caller %s and also holds %s in that group', async (_, takes, of) => {
    const source = await matrix.world.group(`source of ${title()}`);
    const target = await matrix.world.group(title().replace('Title ', 'target-'));
    const views = ['ViewComputer', 'ViewScript'] as const;
    const both = [source, target];
    const attempt = async (groups: readonly AccessGroup[], seen: readonly AccessGroup[]) => {
      const token = await matrix.world.person(
        { permissions: [takes], groups },
        { permissions: views, groups: seen },
      );
      const things = await matrix.world.fill(source);
      return outcomeOf(await matrix.act(token, ...of(things, target.name)));
    };
    expect(await attempt(both, both)).toBe('done');
    expect(await attempt([source], both)).toBe('FORBIDDEN');
    // To this caller, a group without any permission does not exist.
    expect(await attempt([source], [source])).toBe('INVALID_INPUT');
  });
});

describe('an object that the caller may not see', () => {
  test('with the same title causes a refusal that reveals nothing else', async () => {
    const here = matrix.group('the group');
    const { profile, script } = await matrix.world.fill(matrix.group('another group'));
    const mine = await matrix.world.fill(here);
    const permissions = ['ViewScript', 'ManageScript', 'ViewScriptProfile', 'ManageScriptProfile'] as const;
    const token = await matrix.world.person({ permissions, groups: [here] });
    const send = async (name: string, input: object, as: string) => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const document = `mutation ($input: ${type}!) { done: ${name}(input: $input) { userErrors { code message } } }`;
      return (await matrix.app.graphql(document, { input }, as)).data.done.userErrors[0];
    };
    const edits: [string, object, number][] = [
      ['updateScriptProfile', { id: mine.profile, title: `Profile ${profile}` }, profile],
      ['updateScript', { id: mine.script, title: `Script ${script}` }, script],
    ];
    for (const [name, input, id] of edits) {
      const shown = await send(name, input, matrix.world.admin);
      expect(shown).toMatchObject({ code: 'TITLE_TAKEN', message: expect.stringContaining(` ${id}`) });
      const withheld = await send(name, input, token);
      expect(withheld.code).toBe('TITLE_TAKEN');
      expect(withheld.message).toMatch(/already exists\.$/);
    }
  });

  test('is not reached by a run, even if the run names it', async () => {
    const here = matrix.group('the group');
    const { profile, computer } = await matrix.world.fill(here);
    const hidden = await matrix.world.fill(matrix.group('the group below'));
    const token = await matrix.world.person(
      { permissions: ['ViewScriptProfile', 'ManageScriptProfile'], groups: [here] },
      { permissions: ['ViewComputer'], groups: [] },
    );
    const document = `mutation ($ids: [ID!]) {
      runScriptProfile(input: { id: ${profile}, idempotencyKey: "named", computerIds: $ids }) { activity { counts { undelivered } } }
    }`;
    const ids = [computer, hidden.computer];
    const { data } = await matrix.app.graphql(document, { ids }, token);
    expect(data.runScriptProfile.activity.counts.undelivered).toBe(0);
    const all = await matrix.app.graphql(document.replace('named', 'again'), { ids }, matrix.world.admin);
    expect(all.data.runScriptProfile.activity.counts.undelivered).toBe(2);
  });
});
