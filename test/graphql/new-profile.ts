import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld, type Things } from './access-world.ts';
import { mutate, type Payload } from './mutate.ts';

// A mutation that creates a profile returns its computers and runs without reading them. They must equal what a query
// returns.
export function newProfile(): void {
  let app: TestApp;
  let world: AccessWorld;
  let inRoot: Things;
  const everything = ['ViewScript', 'ViewScriptProfile', 'ManageScriptProfile', 'ViewComputer'] as const;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none' });
    world = await AccessWorld.in(app);
    await mutate(app, 'updateLimits', { maxNumProfiles: 50 });
    inRoot = await world.fill(world.account.root);
    const below = await world.group('below');
    await world.fill(below);
    await world.fill(below);
  });

  const FIELDS = `databaseId numAssociatedComputers computers { totalCount nodes { databaseId } }
  lastActivity { databaseId } activities { totalCount }`;

  const triggers = {
    recurring: { recurring: { interval: '0 6 * * *', startAfter: '2025-01-01T00:00:00Z' } },
    'one-time': { oneTime: { timestamp: '2035-01-01T00:00:00Z' } },
    event: { event: { eventType: 'POST_ENROLLMENT' } },
  };
  const targets = { 'all computers': { allComputers: true }, 'those with a tag': { tags: ['tag-below'] } };
  const makers = {
    'may see all computers': () => world.person({ permissions: everything, groups: [world.account.root] }),
    'may see some computers': async () => {
      const elsewhere = await world.group('elsewhere');
      const [view, ...others] = [...everything].reverse();
      return world.person(
        { permissions: others, groups: [world.account.root] },
        { permissions: [view!], groups: [elsewhere] },
      );
    },
  };

  describe.each(Object.entries(makers))('a caller who creates a profile, and %s,', (who, maker) => {
    let token: string;
    let made = 0;
    beforeAll(async () => {
      token = await maker();
    });

    const cases = Object.entries(triggers).flatMap(([kind, trigger]) =>
      Object.entries(targets).map(([whom, target]) => ({ kind, whom, input: { trigger, ...target } })),
    );

    test.each(cases)(
      'gets, for $whom, the answer of a later query for the $kind profile',
      async ({ kind, whom, input }) => {
        made += 1;
        const title = `By one ${who}, ${made}`;
        const draft = { title, scriptId: inRoot.script, username: 'root', timeLimit: 60, ...input };
        const { scriptProfile, userErrors } = await mutate(
          app,
          'createScriptProfile',
          draft,
          `scriptProfile { ${FIELDS} }`,
          token,
        );
        expect(userErrors).toEqual([]);
        const read = (await asRead(scriptProfile.databaseId)).scriptProfile;
        expect(scriptProfile).toEqual(read);
        expect(read.numAssociatedComputers).toBe(kind === 'event' ? 0 : whom === 'all computers' ? 3 : 2);
        const copy = await mutate(
          app,
          'duplicateScriptProfile',
          { id: scriptProfile.databaseId, title: `${title}, again` },
          `scriptProfile { ${FIELDS} }`,
          token,
        );
        expect({ ...copy.scriptProfile, databaseId: read.databaseId }).toEqual(read);
      },
    );

    async function asRead(id: number): Promise<Payload> {
      const answer = await app.graphql(
        `query ($id: ID!) { scriptProfile(id: $id) { ${FIELDS} } }`,
        { id },
        token,
      );
      expect(answer.errors).toBeUndefined();
      return answer.data;
    }
  });
}
