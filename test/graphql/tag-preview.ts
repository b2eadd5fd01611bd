import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { insertRows } from '../../src/demo/inserts.ts';
import type { TestApp } from '../support/app.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, insert } from '../support/rows.ts';
import { thorough } from '../support/seed.ts';
import { sharedApp } from '../support/shared-app.ts';
import { ask, mutate, type Payload } from './mutate.ts';

export function tagPreview(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none' });
  });

  const FLEET = [2001, 2002, 2003];
  const PENDING = 2004;
  beforeEach(async () => {
    await resetDatabase(app.database);
    const { prisma } = app.database;
    const account = await anAccount(prisma);
    await insert(prisma, 'script', account, [{ id: 1000 }]);
    await insert(
      prisma,
      'computer',
      account,
      FLEET.map((id) => ({ id })),
    );
    await insert(prisma, 'computer', account, [
      { id: PENDING, status: 'pending', acceptedAt: null, requestedTags: ['web'] },
    ]);
    await insertRows(prisma, 'computer_tag', account.id, [
      { computerId: 2001, tag: 'web', position: 0 },
      { computerId: 2002, tag: 'db', position: 0 },
    ]);
    const tagged = (id: number, tags: string[], more = {}) => ({ id, tags, allComputers: false, ...more });
    await insert(prisma, 'script_profile', account, [
      tagged(11, ['web']),
      tagged(12, ['db', 'web']),
      tagged(13, ['web'], { archived: true }),
      { id: 14, tags: ['web'], allComputers: true },
    ]);
  });

  const preview = async (input: object): Promise<Payload> =>
    (
      await ask(
        app,
        `query ($input: TagChangePreviewInput!) { preview: tagChangePreview(input: $input) {
        problems { code field message found allowed }
        effects { scriptProfile { databaseId } gained { databaseId } lost { databaseId } computersRoom { used max } } } }`,
        { input },
      )
    ).preview;
  const ids = (nodes: { databaseId: number }[]) => nodes.map(({ databaseId }) => databaseId);

  test('shows the profiles that gain or lose computers, and the room in the limits', async () => {
    await mutate(app, 'updateLimits', { maxNumComputers: 1 });
    const { problems, effects } = await preview({
      computerIds: [...FLEET, PENDING],
      add: ['web'],
      remove: ['db'],
    });
    expect(problems).toEqual([]);
    expect(
      effects.map((one: Payload) => [
        one.scriptProfile.databaseId,
        ids(one.gained),
        ids(one.lost),
        one.computersRoom,
      ]),
    ).toEqual([
      [11, [2002, 2003], [], { used: 3, max: 1 }],
      [12, [2003], [], { used: 3, max: 1 }],
    ]);
  });

  test.each<[string, object, object]>([
    ['a computer that does not exist', { computerIds: [2001, 77] }, { ids: [2001, 77] }],
    ['an invalid tag', { computerIds: [2001], add: ['-no'] }, { ids: [2001], add: ['-no'] }],
  ])('has the problems for which the mutation would be refused: %s', async (_, input, same) => {
    const { problems, effects } = await preview(input);
    expect(effects).toBeNull();
    const { userErrors } = await mutate(app, 'retagComputers', same);
    expect(problems).toEqual(
      userErrors.map((error: Payload) => ({ ...error, field: error.field.replace(/^ids$/, 'computerIds') })),
    );
    expect(problems).toHaveLength(1);
  });

  test('equals the difference between before and after a real change of the tags', async () => {
    const members = async (): Promise<Map<number, number[]>> =>
      new Map(
        (
          await ask(app, '{ scriptProfiles { nodes { databaseId computers { nodes { databaseId } } } } }')
        ).scriptProfiles.nodes.map((node: Payload) => [node.databaseId, ids(node.computers.nodes)]),
      );
    const some = fc.uniqueArray(fc.constantFrom('web', 'db', 'other'));
    const steps = fc.array(
      fc.record({
        computerIds: fc.uniqueArray(fc.constantFrom(...FLEET, PENDING), { minLength: 1 }),
        add: some,
        remove: some,
      }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (changes) => {
        for (const { computerIds, ...change } of changes) {
          const { effects } = await preview({ computerIds, ...change });
          const before = await members();
          await mutate(app, 'retagComputers', { ids: computerIds, ...change });
          const after = await members();
          const expected = [...after].flatMap(([id, now]) => {
            const was = before.get(id)!;
            const [gained, lost] = [
              now.filter((one) => !was.includes(one)),
              was.filter((one) => !now.includes(one)),
            ];
            return gained.length + lost.length > 0 ? [[id, gained, lost, now.length]] : [];
          });
          const found = effects.map((one: Payload) => [
            one.scriptProfile.databaseId,
            ids(one.gained).sort(),
            ids(one.lost).sort(),
            one.computersRoom.used,
          ]);
          expect(found).toEqual(expected.sort((a, b) => Number(a[0]) - Number(b[0])));
        }
      }),
      { numRuns: thorough(15) },
    );
  });
}
