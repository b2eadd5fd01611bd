import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Database } from '../../src/database/database.ts';
import { insertRows } from '../../src/demo/inserts.ts';
import { wholeAccount } from '../../src/domain/accounts/access.ts';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import { reaches, type Target } from '../../src/domain/computers/association.ts';
import { firstRows } from '../../src/domain/page.ts';
import { createStore } from '../../src/repositories/store.ts';
import type { Repositories } from '../../src/services/ports.ts';
import { freshDatabase } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { thorough } from '../support/seed.ts';

export function association(): void {
  // The rule exists twice: in the domain, and in SQL for counting computers. Both must agree.

  let database: Database;
  let read: Repositories;
  beforeAll(async () => {
    database = await freshDatabase();
    read = createStore(database.prisma).read;
  });
  afterAll(() => database.close());

  const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'A', 'ä'), { maxLength: 3 });
  /** The parent of each group is an earlier group. The first one is the root. */
  const trees = fc
    .array(fc.nat(5), { maxLength: 5 })
    .map((parents) => parents.map((parent, index) => parent % (index + 1)));
  const fleets = fc.array(fc.record({ group: fc.nat(5), tags, pending: fc.boolean() }), { maxLength: 10 });
  const targets = fc.array(
    fc.option(fc.record({ group: fc.nat(5), tags, allComputers: fc.boolean() }), { freq: 6 }),
    { minLength: 1, maxLength: 6 },
  );
  const worlds = fc.record({ tree: trees, fleet: fleets, targets });
  type World = Omit<typeof worlds extends fc.Arbitrary<infer Value> ? Value : never, 'targets'>;

  const aimedAt = ({ id }: AccessGroup, { tags, allComputers }: Omit<Target, 'accessGroupId'>): Target => ({
    accessGroupId: id,
    tags,
    allComputers,
  });

  let accounts = 0;

  /** Creates the same world in the database. `pick` maps any number to a group, as in the generated worlds. */
  async function build({ tree, fleet }: World) {
    accounts += 1;
    const account = await anAccount(database.prisma, `account ${accounts}`);
    const groups: AccessGroup[] = [account.root];
    for (const [index, parent] of tree.entries()) {
      const name = `group-${index}`;
      groups.push(
        await read.accessGroups.insert(account.id, { name, title: name, parentId: groups[parent]!.id }),
      );
    }
    const pick = (number: number) => groups[number % groups.length]!;
    const above = (group: AccessGroup): number[] => {
      const parent = groups.find(({ id }) => id === group.parentId);
      return [group.id, ...(parent ? above(parent) : [])];
    };
    const computers = fleet.map(({ group, tags, pending }, index) => ({
      id: 1000 + index,
      pending,
      tags,
      group: pick(group),
    }));
    await insert(
      database.prisma,
      'computer',
      account,
      computers.map(({ id, pending, tags, group }) => ({
        id,
        accessGroupId: group.id,
        status: pending ? 'pending' : 'accepted',
        requestedTags: tags,
      })),
    );
    // Includes pending computers, whose tags would be invalid elsewhere. They must still not be reached.
    const tagRows = computers.flatMap(({ id, tags }) =>
      tags.map((tag, position) => ({ computerId: id, tag, position })),
    );
    await insertRows(database.prisma, 'computer_tag', account.id, tagRows);
    const reached = (target: Target | null) =>
      computers
        .filter(
          ({ pending, tags, group }) =>
            target !== null && !pending && reaches(target, { tags, groupAndAbove: above(group) }),
        )
        .map(({ id }) => id);
    return { account, pick, reached };
  }

  async function countedIn(account: TestAccount, some: readonly (Target | null)[]) {
    const counted = await read.computers.countReached(wholeAccount(account.id), some);
    return counted.map(({ all }) => all);
  }

  async function reachedIn(account: TestAccount, some: readonly (Target | null)[], limit: number) {
    const pages = await read.computers.pagesReached(wholeAccount(account.id), some, {
      order: { field: 'ID', direction: 'ASC' },
      window: firstRows(limit),
    });
    return pages.map(({ rows, hasNext }) => ({ ids: rows.map(({ id }) => id), hasNext }));
  }

  test('the computers counted and listed for targets are exactly those of the domain’s rule', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.integer({ min: 0, max: 4 }), async ({ targets, ...world }, limit) => {
        const { account, pick, reached } = await build(world);
        const asked = targets.map((target) => target && aimedAt(pick(target.group), target));
        const expected = asked.map(reached);
        expect(await countedIn(account, asked)).toEqual(expected.map((ids) => ids.length));
        expect(await reachedIn(account, asked, 1000)).toEqual(
          expected.map((ids) => ({ ids, hasNext: false })),
        );
        expect(await reachedIn(account, asked, limit)).toEqual(
          expected.map((ids) => ({ ids: ids.slice(0, limit), hasNext: ids.length > limit })),
        );
      }),
      { numRuns: thorough(40) },
    );
  });

  test('two equal accounts never reach each other’s computers, even through a group’s id', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ targets, ...world }) => {
        const mine = await build(world);
        const theirs = await build(world);
        const foreign = targets.map((target) => target && aimedAt(theirs.pick(target.group), target));
        expect(await countedIn(mine.account, foreign)).toEqual(foreign.map(() => 0));
        expect(await reachedIn(mine.account, foreign, 10)).toEqual(
          foreign.map(() => ({ ids: [], hasNext: false })),
        );
        expect(await countedIn(theirs.account, foreign)).toEqual(
          foreign.map((target) => theirs.reached(target).length),
        );
      }),
      { numRuns: thorough(20) },
    );
  });

  test('no targets reach no computer', async () => {
    const { account } = await build({ tree: [], fleet: [] });
    expect(await countedIn(account, [])).toEqual([]);
    expect(await reachedIn(account, [], 10)).toEqual([]);
  });
}
