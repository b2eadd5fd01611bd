import { describe, expect, test } from '@jest/globals';
import type { GroupPermission } from '../../src/domain/accounts/access.ts';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import { AccessMatrix, holding, notHolding, operations, title } from './access-matrix.ts';
import { outcomeOf, type Things } from './access-world.ts';

// Which caller may do what: each operation, by the places in the tree where its two permissions are held. A caller who
// does not see the thing gets "not found"; a caller who sees it and may not do this gets "forbidden". Both permissions
// at one place, and either one without the other. test/slow/access-matrix.test.ts has every pair of places.

const matrix = new AccessMatrix();

describe.each(operations.map((operation, index) => ({ ...operation, index })))(
  'a caller who $does',
  ({ index, ...operation }) => {
    // In turn, so that each place is tried with several operations.
    const out = notHolding[index % notHolding.length]!;
    test.each([
      ...holding.map((place) => [place, place] as const),
      ['the group', out] as const,
      [out, 'the group'] as const,
      [out, out] as const,
    ])(`needs ${operation.sees} and ${operation.takes}: seen from %s, permitted in %s`, (seen, taken) =>
      matrix.expectRule(operation, seen, taken),
    );
  },
);

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
    // A group where they hold nothing does not exist for them.
    expect(await attempt([source], [source])).toBe('INVALID_INPUT');
  });
});

describe('what is seen but held by others', () => {
  test('a title that is taken where it is not seen, then says no more than that', async () => {
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

  test('a run that names computers, then reaches only those of them that the caller sees', async () => {
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
