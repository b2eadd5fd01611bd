import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { insertRows } from '../../src/demo/inserts.ts';
import { type GroupPermission, permissions } from '../../src/domain/accounts/access.ts';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { aRun, insert, type Row } from '../support/rows.ts';
import { thorough } from '../support/seed.ts';
import { sharedApp } from '../support/shared-app.ts';
import { type Drawing, type DrawnRole, Model } from './access-model.ts';
import { AccessWorld } from './access-world.ts';

// For any tree, roles and data, both APIs show exactly the objects that the naive model allows.
export function accessProperty(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
  });

  const group = fc.nat(5);
  const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 });
  const drawings = fc.record({
    tree: fc.array(group, { minLength: 1, maxLength: 5 }),
    scripts: fc.array(fc.record({ group }), { minLength: 1, maxLength: 4 }),
    profiles: fc.array(fc.record({ script: fc.nat(3), tags: fc.oneof(tags, fc.constant('all' as const)) }), {
      minLength: 1,
      maxLength: 5,
    }),
    computers: fc.array(fc.record({ group, tags, pending: fc.boolean() }), { maxLength: 7 }),
    runs: fc.array(
      fc.record({ profile: fc.nat(4), computers: fc.uniqueArray(fc.nat(6), { maxLength: 3 }) }),
      {
        maxLength: 4,
      },
    ),
  });
  type Drawn = typeof drawings extends fc.Arbitrary<infer Value> ? Value : never;
  /** View permissions are frequent, so that a person usually sees several objects. */
  const views: GroupPermission[] = ['ViewScript', 'ViewScriptProfile', 'ViewComputer'];
  const permission = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...views) },
    fc.constantFrom(...permissions),
  );
  const role = fc.record({
    permissions: fc.uniqueArray(permission, { minLength: 1, maxLength: 4 }),
    groups: fc.uniqueArray(group, { maxLength: 2 }),
  });
  const callers = fc.array(fc.array(role, { maxLength: 3 }), { minLength: 1, maxLength: 3 });

  /** Maps every number to an existing object. A profile belongs to the group of its script. */
  function drawn({ tree, scripts, profiles, computers, runs }: Drawn): Drawing {
    const inTree = (number: number) => number % (tree.length + 1);
    const some = <Item>(items: readonly Item[], number: number) => items[number % items.length]!;
    const withGroups = scripts.map((script, n) => ({ id: 1000 + n, group: inTree(script.group) }));
    const made = profiles.map(({ script, tags }, n) => {
      const { id, group } = some(withGroups, script);
      return { id: 1000 + n, script: id, group, tags };
    });
    const fleet = computers.map((computer, n) => ({
      ...computer,
      id: 1000 + n,
      group: inTree(computer.group),
    }));
    return {
      tree: tree.map((parent, index) => parent % (index + 1)),
      scripts: withGroups,
      profiles: made,
      computers: fleet,
      runs: runs.map((run, n) => ({
        id: 1000 + n * 10,
        profile: some(made, run.profile).id,
        computers: fleet.length > 0 ? [...new Set(run.computers.map((c) => some(fleet, c).id))] : [],
      })),
    };
  }

  let worlds = 0;

  async function build(drawing: Drawing) {
    worlds += 1;
    const world = await AccessWorld.in(app, `world-${worlds}`);
    const groups: AccessGroup[] = [world.account.root];
    for (const [index, parent] of drawing.tree.entries())
      groups.push(await world.group(`group-${index + 1}`, groups[parent]!));
    const put = (table: Parameters<typeof insert>[1], rows: readonly Row[]) =>
      insert(world.prisma, table, world.account, rows);
    const accessGroupId = (number: number) => groups[number]!.id;
    await put(
      'script',
      drawing.scripts.map(({ id, group }) => ({ id, accessGroupId: accessGroupId(group) })),
    );
    await put(
      'script_profile',
      drawing.profiles.map(({ id, script, group, tags }) => ({
        id,
        scriptId: script,
        accessGroupId: accessGroupId(group),
        allComputers: tags === 'all',
        tags: tags === 'all' ? [] : tags,
      })),
    );
    await put(
      'computer',
      drawing.computers.map(({ id, group, tags, pending }) => ({
        id,
        accessGroupId: accessGroupId(group),
        status: pending ? 'pending' : 'accepted',
        requestedTags: pending ? tags : [],
      })),
    );
    await insertRows(
      world.prisma,
      'computer_tag',
      world.account.id,
      drawing.computers.flatMap(({ id, tags, pending }) =>
        pending ? [] : tags.map((tag, position) => ({ computerId: id, tag, position })),
      ),
    );
    for (const { id, profile, computers } of drawing.runs)
      await put(
        'activity',
        aRun(
          id,
          profile,
          computers.map((computerId) => ({ computerId, status: 'delivered' })),
        ),
      );
    return { world, groups };
  }

  const ids = (things: readonly { id: number }[]) => things.map(({ id }) => id).sort((a, b) => a - b);
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  type Any = any;
  /** The ids and the count of a list, or the code if it was refused. */
  function listed(answer: { data: Any; errors?: Any[] }, field: string) {
    const error = answer.errors?.find(({ path }) => path[0] === field);
    if (error) return error.extensions.code;
    const { nodes, totalCount } = answer.data[field];
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ databaseId }: Any) => databaseId).sort((a: number, b: number) => a - b);
  }

  const nameOf = (group: number) => (group === 0 ? 'global' : `group-${group}`);

  const lists = (groups: readonly number[]) => `query ($computer: ID!) {
  accessGroups { name }
  tags
  scripts { totalCount nodes { databaseId } }
  scriptProfiles(filter: { status: ALL }) { totalCount nodes {
    databaseId numAssociatedComputers script { databaseId } accessGroup { name }
    computers { totalCount nodes { databaseId } } activities { totalCount nodes { databaseId } }
    lastActivity { databaseId }
  } }
  ${groups.map((group) => `in${group}: scriptProfiles(filter: { status: ALL, accessGroups: ["${nameOf(group)}"] }) { totalCount nodes { databaseId } }`).join('\n')}
  computers(filter: { statuses: [PENDING, ACCEPTED] }) { totalCount nodes { databaseId } }
  activities { totalCount nodes {
    databaseId computer { databaseId } scriptProfile { databaseId } parent { databaseId }
    children { totalCount nodes { databaseId } }
  } }
  ofComputer: activities(filter: { computerId: $computer }) { totalCount nodes { databaseId } }
}`;

  const globalId = (type: string, id: number) => Buffer.from(`v1:${type}:${id}`).toString('base64url');

  async function compare(token: string, model: Model, drawing: Drawing) {
    const computer = drawing.computers[0]?.id ?? 1;
    const answer = await app.graphql(lists(model.groups()), { computer: String(computer) }, token);
    const where = (permission: GroupPermission, expected: unknown) =>
      model.holdsSomewhere(permission) ? expected : 'FORBIDDEN';

    expect(answer.data.accessGroups.map((each: Any) => each.name).sort()).toEqual(
      model.knownGroups().map(nameOf).sort(),
    );
    if (model.holdsSomewhere('ViewComputer')) expect(answer.data.tags).toEqual(model.tags());
    expect(listed(answer, 'scripts')).toEqual(where('ViewScript', ids(model.scripts())));
    expect(listed(answer, 'scriptProfiles')).toEqual(where('ViewScriptProfile', ids(model.profiles())));
    for (const group of model.groups())
      expect(listed(answer, `in${group}`)).toEqual(where('ViewScriptProfile', ids(model.profilesIn(group))));
    expect(listed(answer, 'computers')).toEqual(where('ViewComputer', ids(model.computers())));
    const executions = (run: Drawing['runs'][number]) => run.computers.map((_, index) => run.id + 1 + index);
    const activities = model.runs().flatMap((run) => [run.id, ...executions(run)]);
    expect(listed(answer, 'activities')).toEqual(
      where(
        'ViewScriptProfile',
        activities.sort((a, b) => a - b),
      ),
    );

    const seen = (id: number) => model.computers().some((each) => each.id === id);
    const ofComputer = model
      .runs()
      .flatMap((run) =>
        executions(run).filter((_, index) => run.computers[index] === computer && seen(computer)),
      );
    expect(listed(answer, 'ofComputer')).toEqual(
      where(
        'ViewScriptProfile',
        ofComputer.sort((a, b) => a - b),
      ),
    );

    for (const node of answer.data.scriptProfiles?.nodes ?? []) {
      const profile = drawing.profiles.find(({ id }) => id === node.databaseId)!;
      const reached = model.reached(profile);
      const runs = drawing.runs.filter((run) => run.profile === profile.id);
      expect(node.numAssociatedComputers).toBe(reached.length);
      expect(listed({ data: node }, 'computers')).toEqual(ids(reached.filter(({ id }) => seen(id))));
      expect(node.script?.databaseId ?? null).toBe(
        ids(model.scripts()).find((id) => id === profile.script) ?? null,
      );
      expect(node.accessGroup.name).toBe(nameOf(profile.group));
      expect(listed({ data: node }, 'activities')).toEqual(ids(runs));
      expect(node.lastActivity?.databaseId ?? null).toBe(ids(runs).at(-1) ?? null);
    }
    for (const node of answer.data.activities?.nodes ?? []) {
      const run = drawing.runs.find(({ id }) => id === Math.floor(node.databaseId / 10) * 10)!;
      const part = node.databaseId - run.id - 1;
      const computerId = run.computers[part];
      expect(node.computer?.databaseId ?? null).toBe(
        computerId !== undefined && seen(computerId) ? computerId : null,
      );
      expect(listed({ data: node }, 'children')).toEqual(part < 0 ? executions(run) : []);
      expect((part < 0 ? node.scriptProfile : node.parent).databaseId).toBe(part < 0 ? run.profile : run.id);
    }

    const things: [string, readonly { id: number }[], readonly { id: number }[]][] = [
      ['Script', drawing.scripts, model.scripts()],
      ['ScriptProfile', drawing.profiles, model.profiles()],
      ['Computer', drawing.computers, model.computers()],
      ['Activity', drawing.runs, model.runs()],
    ];
    const all = things.flatMap(([type, there]) => there.map(({ id }) => globalId(type, id)));
    const { data } = await app.graphql(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: all },
      token,
    );
    const visible = things.flatMap(([type, there, mine]) =>
      there.map(({ id }) => (ids(mine).includes(id) ? globalId(type, id) : null)),
    );
    expect(data.nodes.map((node: Any) => node?.id ?? null)).toEqual(visible);
  }

  async function compareRest(token: string, model: Model, drawing: Drawing) {
    const get = (path: string) => app.rest('GET', path, undefined, { authorization: `Bearer ${token}` });
    const list = await get('/script-profiles?archived=all');
    if (!model.holdsSomewhere('ViewScriptProfile')) expect(list.status).toBe(403);
    else
      expect([list.body.count, ids(list.body.results)]).toEqual([
        model.profiles().length,
        ids(model.profiles()),
      ]);
    for (const profile of drawing.profiles) {
      const isSeen = ids(model.profiles()).includes(profile.id);
      const one = await get(`/script-profiles/${profile.id}`);
      expect(one.status).toBe(isSeen ? 200 : 404);
      const computers = await get(`/script-profiles/${profile.id}/computers`);
      expect(computers.status).toBe(isSeen ? 200 : 404);
      if (!isSeen) continue;
      const seen = model.reached(profile).filter(({ id }) => ids(model.computers()).includes(id));
      expect([computers.body.count, ids(computers.body.results)]).toEqual([seen.length, ids(seen)]);
      expect(one.body.computers.num_associated_computers).toBe(model.reached(profile).length);
    }
  }

  test('for any tree, roles and data, both APIs show exactly what the model allows', async () => {
    await fc.assert(
      fc.asyncProperty(drawings, callers, async (raw, people) => {
        const drawing = drawn(raw);
        const { world, groups } = await build(drawing);
        const size = groups.length;
        for (const roles of people) {
          const inTree: DrawnRole[] = roles.map((each) => ({
            ...each,
            groups: [...new Set(each.groups.map((number) => number % size))],
          }));
          const token = await world.person(
            ...inTree.map((each) => ({
              permissions: each.permissions.filter(
                (held) => !/Role|Account|Event/.test(held),
              ) as GroupPermission[],
              accountPermissions: each.permissions.filter((held) =>
                /Role|Account|Event/.test(held),
              ) as never[],
              groups: each.groups.map((number) => groups[number]!),
            })),
          );
          const model = new Model(drawing, inTree);
          await compare(token, model, drawing);
          await compareRest(token, model, drawing);
        }
      }),
      { numRuns: thorough(20) },
    );
    // Each run creates a world, and sends a dozen requests for each of its people.
  }, 600_000);
}
