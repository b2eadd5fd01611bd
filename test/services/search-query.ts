import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Database } from '../../src/database/database.ts';
import { insertRows } from '../../src/demo/inserts.ts';
import { type SearchScope, wholeAccount } from '../../src/domain/accounts/access.ts';
import type { ActivityStatus } from '../../src/domain/activities/activity.ts';
import { reaches } from '../../src/domain/computers/association.ts';
import { firstRows } from '../../src/domain/page.ts';
import type { SearchQuery } from '../../src/domain/search/search-query.ts';
import { activityQuery, computerQuery } from '../../src/domain/search/search-terms.ts';
import { accessGroupRepository } from '../../src/repositories/accounts/access-groups.ts';
import { createStore } from '../../src/repositories/store.ts';
import type { Repositories } from '../../src/services/ports.ts';
import { freshDatabase } from '../support/database.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';
import { print, queries, type WrittenQuery, type WrittenTerm } from '../support/search-query.ts';
import { thorough } from '../support/seed.ts';

export function searchQuery(): void {
  // Compares the database's answer to a query with a few lines of code over plain rows.

  interface Machine {
    readonly id: number;
    readonly title: string;
    readonly hostname: string;
    readonly status: string;
    readonly group: string;
    readonly tags: readonly string[];
  }

  const above: Readonly<Record<string, readonly string[]>> = {
    global: ['global'],
    server: ['server', 'global'],
    web: ['web', 'server', 'global'],
    desktop: ['desktop', 'global'],
  };
  const groupNames = Object.keys(above);

  const machines: readonly Machine[] = groupNames.flatMap((group, index) =>
    [[], ['a'], ['a', 'b'], ['c']].map((tags, turn) => ({
      id: 1000 + index * 10 + turn,
      title: `${['Ärger', '100% web', 'web_1', 'Say "hi"'][turn]} ${group}`,
      hostname: `${group}-${turn}.example`,
      status: (index + turn) % 5 === 0 ? 'pending' : 'accepted',
      group,
      tags,
    })),
  );

  interface Profile {
    readonly id: number;
    readonly group: string;
    readonly allComputers: boolean;
    readonly tags: readonly string[];
    readonly archived: boolean;
    readonly kind: 'one_time' | 'event';
  }

  const profiles: readonly Profile[] = [
    { id: 1000, group: 'global', allComputers: true, tags: [], archived: false, kind: 'one_time' },
    { id: 1001, group: 'server', allComputers: false, tags: ['a', 'c'], archived: false, kind: 'one_time' },
    { id: 1002, group: 'global', allComputers: true, tags: [], archived: true, kind: 'one_time' },
    { id: 1003, group: 'global', allComputers: true, tags: [], archived: false, kind: 'event' },
    { id: 1004, group: 'web', allComputers: false, tags: [], archived: false, kind: 'one_time' },
  ];

  interface Deed {
    readonly id: number;
    readonly parentId: number | null;
    readonly computerId: number | null;
    readonly status: ActivityStatus;
    readonly summary: string;
    readonly creationTime: string;
    readonly creator: string | null;
  }

  const days = ['2025-03-31T23:59:59.999999Z', '2025-04-01T00:00:00.000000Z', '2025-04-10T10:30:00.500000Z'];
  const statuses: readonly ActivityStatus[] = ['undelivered', 'delivered', 'failed', 'succeeded', 'canceled'];

  const deeds: readonly Deed[] = [2000, 2100, 2200].flatMap((run, turn): Deed[] => {
    const common = {
      summary: turn === 1 ? 'Run script' : 'Tidy up',
      creationTime: days[turn]!,
      creator: turn === 2 ? null : 'jane@example.com',
    };
    const executions = [1001, 1012, 1023, 1030, 4242].map(
      (computerId, index): Deed => ({
        ...common,
        id: run + 1 + index,
        parentId: run,
        computerId,
        status: statuses[(index + turn) % statuses.length]!,
      }),
    );
    return [{ ...common, id: run, parentId: null, computerId: null, status: 'delivered' }, ...executions];
  });

  let database: Database;
  let read: Repositories;
  let account: TestAccount;

  beforeAll(async () => {
    database = await freshDatabase();
    read = createStore(database.prisma).read;
    account = await build('acme');
    // A second account with equal rows and numbers. None of them may be found.
    await build('other');
  });
  afterAll(() => database.close());

  async function build(name: string): Promise<TestAccount> {
    const { prisma } = database;
    const made = await anAccount(prisma, name, 'jane@example.com');
    const ids: Record<string, number> = { global: made.root.id };
    for (const group of ['server', 'web', 'desktop']) {
      const parentId = ids[above[group]![1]!]!;
      const { id } = await accessGroupRepository(prisma).insert(made.id, {
        name: group,
        title: group,
        parentId,
      });
      ids[group] = id;
    }
    await insert(prisma, 'script', made, [{ id: 1000 }]);
    await insert(
      prisma,
      'script_profile',
      made,
      profiles.map(({ group, kind, ...profile }) => ({
        ...profile,
        accessGroupId: ids[group],
        triggerKind: kind,
        ...(kind === 'event'
          ? { eventType: 'post_enrollment', timestamp: null, isFinished: null }
          : { eventType: null, timestamp: days[0], isFinished: false }),
      })),
    );
    await insert(
      prisma,
      'computer',
      made,
      machines.map(({ group, tags, status, ...machine }) => ({
        ...machine,
        status,
        accessGroupId: ids[group],
        requestedTags: status === 'pending' ? tags : [],
        acceptedAt: status === 'pending' ? null : days[0],
      })),
    );
    const tags = machines.flatMap(({ id, status, tags }) =>
      status === 'pending' ? [] : tags.map((tag, position) => ({ computerId: id, tag, position })),
    );
    await insertRows(prisma, 'computer_tag', made.id, tags);
    for (const run of deeds.filter(({ parentId }) => parentId === null)) {
      const { summary, creationTime, creator } = run;
      const common = { summary, creationTime, creatorId: creator === null ? null : made.caller.personId };
      const parts = deeds.filter(({ parentId }) => parentId === run.id);
      const rows = aRun(
        run.id,
        1000,
        parts.map(({ computerId, status }) => ({ computerId: computerId!, status })),
        run.status,
      );
      await insert(
        prisma,
        'activity',
        made,
        rows.map((row) => ({ ...row, ...common })),
      );
    }
    return made;
  }

  const holds = (query: WrittenQuery, isTrue: (term: WrittenTerm) => boolean): boolean => {
    switch (query.kind) {
      case 'is':
        return isTrue(query.condition);
      case 'not':
        return !holds(query.of, isTrue);
      case 'all':
        return query.of.every((part) => holds(part, isTrue));
      case 'any':
        return query.of.some((part) => holds(part, isTrue));
    }
  };

  const includes = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());

  function isMachine(machine: Machine, { name, value }: WrittenTerm): boolean {
    switch (name) {
      case null:
        return includes(machine.title, value) || includes(machine.hostname, value);
      case 'id':
        return machine.id === Number(value);
      case 'title':
        return machine.title === value;
      case 'hostname':
        return machine.hostname === value;
      case 'tag':
        return machine.tags.includes(value);
      case 'access-group':
        return machine.group === value;
      case 'access-group-recursive':
        return above[machine.group]!.includes(value);
      case 'profile': {
        const profile = profiles.find(({ id }) => value === `script:${id}`);
        if (!profile || profile.archived || profile.kind === 'event' || machine.status === 'pending')
          return false;
        const groupAndAbove = above[machine.group]!.map((group) => groupNames.indexOf(group));
        const target = { ...profile, accessGroupId: groupNames.indexOf(profile.group) };
        return reaches(target, { tags: machine.tags, groupAndAbove });
      }
      default:
        return false;
    }
  }

  function isDeed(deed: Deed, { name, value }: WrittenTerm, computers?: WrittenQuery): boolean {
    switch (name) {
      case null:
        return includes(deed.summary, value);
      case 'id':
        return deed.id === Number(value);
      case 'parent-id':
        return deed.parentId === Number(value);
      case 'status':
        return deed.status === value;
      case 'type':
        return (deed.parentId === null ? 'ActivityGroup' : 'ExecuteScriptRequest') === value;
      case 'creator':
        return deed.creator === value.toLowerCase();
      case 'created-after':
        return deed.creationTime >= value;
      case 'created-before':
        return deed.creationTime < value;
      default: {
        const machine = machines.find(({ id }) => id === deed.computerId);
        return machine !== undefined && holds(computers!, (term) => isMachine(machine, term));
      }
    }
  }

  const aTerm = (name: string | null, ...values: readonly string[]) =>
    fc.constantFrom(...values).map((value): WrittenTerm => ({ name, value }));

  const machineTerms = fc.oneof(
    aTerm(null, 'WEB', 'ärg', '0% w', '_', 'example', 'hi" s', '', '\\', 'nowhere'),
    aTerm('id', '1000', '1011', '1033', '7', '999999999999999'),
    aTerm('title', '100% web web', 'say "hi" web', 'Say "hi" web'),
    aTerm('hostname', 'web-1.example', 'web-1'),
    aTerm('tag', 'a', 'b', 'c', 'A', 'none'),
    aTerm('access-group', 'global', 'server', 'nowhere'),
    aTerm('access-group-recursive', 'global', 'server', 'web', 'nowhere'),
    aTerm('profile', ...profiles.map(({ id }) => `script:${id}`), 'script:7', 'package:1000'),
    aTerm('alert', 'package-upgrades'),
    aTerm('needs', 'reboot'),
  );

  const plainDeedTerms = fc.oneof(
    aTerm(null, 'SCRIPT', 'tidy', 'no such'),
    aTerm('id', '2000', '2003', '7'),
    aTerm('parent-id', '2000', '2100', '2001'),
    aTerm('status', ...statuses, 'unapproved'),
    aTerm('type', 'ActivityGroup', 'ExecuteScriptRequest', 'RestartRequest'),
    aTerm('creator', 'jane@example.com', 'JANE@example.com', 'jane'),
    aTerm('created-after', '2025-04', '2025-04-01', '2025-04-10T10:30', '2025'),
    aTerm('created-before', '2025-04', '2025-04-10T10:31', '2024'),
  );

  /** Whether a query is within the limits on words, profiles and computers. A random query seldom exceeds them. */
  function isAllowed(query: WrittenQuery, nested = new Map<string, WrittenQuery>()): boolean {
    const tried = (part: WrittenQuery): number => {
      if (part.kind === 'not') return tried(part.of);
      if (part.kind !== 'is') return part.of.reduce((sum, one) => sum + tried(one), 0);
      const { name, value } = part.condition;
      const within = name === 'computer' ? tried(nested.get(value)!) : 0;
      return within + (name === null || ['profile', 'computer', 'tag'].includes(name) ? 1 : 0);
    };
    return tried(query) <= 25;
  }

  const window = firstRows(1000);

  async function answer(
    kind: 'computers' | 'activities',
    text: string,
    scope: SearchScope = wholeAccount(account.id),
  ): Promise<number[]> {
    const order = { field: 'ID', direction: 'ASC' } as const;
    const byTime = { field: 'CREATION_TIME', direction: 'ASC' } as const;
    const [slice, count] =
      kind === 'computers'
        ? await Promise.all([
            read.computers.page(scope, { filter: { query: computerQuery(text) }, order, window }),
            read.computers.count(scope, { query: computerQuery(text) }),
          ])
        : await Promise.all([
            read.activities.page(scope, { filter: { query: activityQuery(text) }, order: byTime, window }),
            read.activities.count(scope, { query: activityQuery(text) }),
          ]);
    expect(count).toBe(slice.rows.length);
    return slice.rows.map(({ id }) => id).sort((one, other) => one - other);
  }

  test('a query for computers finds exactly those that match in plain code', async () => {
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(
        queries(machineTerms).filter((query) => isAllowed(query)),
        async (query) => {
          const expected = machines.filter((machine) => holds(query, (term) => isMachine(machine, term)));
          seen.add(expected.length);
          expect(await answer('computers', print(query))).toEqual(expected.map(({ id }) => id));
        },
      ),
      { numRuns: thorough(200) },
    );
    expect(seen.size).toBeGreaterThan(5);
  });

  test('a query for activities finds exactly those that match in plain code', async () => {
    const terms = fc.oneof(
      { weight: 4, arbitrary: plainDeedTerms.map((term) => ({ term, computers: undefined })) },
      {
        weight: 1,
        arbitrary: queries(machineTerms).map((computers) => ({
          term: { name: 'computer', value: print(computers) },
          computers,
        })),
      },
    );
    const nested = new Map<string, WrittenQuery>();
    const written = terms.map(({ term, computers }) => {
      if (computers) nested.set(term.value, computers);
      return term;
    });
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(queries(written), async (query) => {
        fc.pre(isAllowed(query, nested));
        const expected = deeds.filter((deed) =>
          holds(query, (term) => isDeed(deed, term, nested.get(term.value))),
        );
        seen.add(expected.length);
        expect(await answer('activities', print(query))).toEqual(expected.map(({ id }) => id));
      }),
      { numRuns: thorough(200) },
    );
    expect(seen.size).toBeGreaterThan(5);
  });

  test.each([
    ['a thousand terms', Array.from({ length: 1000 }, (_, index) => `id:${index + 501}`).join(' OR ')],
    ['twenty levels', `${'NOT ('.repeat(10)}tag:a OR web${')'.repeat(10)}`],
    ['a query of the maximum length', `${'id:1001 OR '.repeat(999)}${'x'.repeat(5_000)}`],
    ['the maximum number of words', `${'web OR '.repeat(24)}example`],
    ['the maximum number of tags', Array.from({ length: 250 }, () => 'tag:a').join(' OR ')],
    ['the maximum number of profiles', Array.from({ length: 25 }, () => 'profile:script:1001').join(' OR ')],
  ])('%s: the database accepts it', async (_, text) => {
    expect((await answer('computers', text)).length).toBeGreaterThan(0);
  });

  test('an empty search finds everything', async () => {
    const query: SearchQuery<never> = { kind: 'all', of: [] };
    expect(await read.computers.count(wholeAccount(account.id), { query })).toBe(machines.length);
    expect(await answer('computers', ' ')).toHaveLength(machines.length);
  });
}
