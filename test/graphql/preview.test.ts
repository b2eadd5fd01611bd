import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { insertRows } from '../../src/demo/inserts.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { at, NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { thorough } from '../support/seed.ts';
import { ask, mutate, type Payload } from './mutate.ts';

let app: TestApp;
let account: TestAccount;
beforeAll(async () => {
  app = await startApp({ seed: 'none', now: NOW });
});
afterAll(() => app.close());

const [DAILY, ONCE, ARCHIVED, OTHERS_SCRIPT] = [7, 8, 9, 1001];
const FLEET: Record<number, string[]> = { 2001: ['web'], 2002: ['web', 'db'], 2003: ['db'], 2004: [] };
beforeEach(async () => {
  await resetDatabase(app.database);
  const { prisma } = app.database;
  account = await anAccount(prisma);
  await insert(prisma, 'script', account, [{ id: 1000 }, { id: OTHERS_SCRIPT, status: 'ARCHIVED' }]);
  await insert(
    prisma,
    'computer',
    account,
    Object.keys(FLEET).map((id) => ({ id: Number(id) })),
  );
  await insertRows(
    prisma,
    'computer_tag',
    account.id,
    Object.entries(FLEET).flatMap(([id, tags]) =>
      tags.map((tag, position) => ({ computerId: Number(id), tag, position })),
    ),
  );
  const none = { timestamp: null, isFinished: null };
  const daily = { triggerKind: 'recurring', interval: '0 6 * * *', startAfter: at('2025-01-01T00:00') };
  await insert(prisma, 'script_profile', account, [
    {
      id: DAILY,
      ...none,
      ...daily,
      title: 'Nightly',
      allComputers: false,
      tags: ['web'],
      nextRun: at('2025-04-11T06:00'),
    },
  ]);
  await insert(prisma, 'script_profile', account, [
    {
      id: ONCE,
      timestamp: at('2025-05-01T08:00'),
      nextRun: at('2025-05-01T08:00'),
      allComputers: false,
      tags: ['db'],
    },
    { id: ARCHIVED, title: 'Gone', archived: true },
  ]);
});

const ids = 'totalCount nodes { databaseId }';
const PREVIEW = `
  problems { code field message found allowed } warnings { code message } changedFields { field current yours }
  profilesRoom { used max } computersRoom { used max }
  matched { ${ids} } joining { ${ids} } leaving { ${ids} }
  nextRuns(first: 3) { at slot mayRunUntil expectedComputers passedOver { reason firstSlot lastSlot number } }
  slotsGivenUp { reason firstSlot lastSlot number }`;
const preview = async (input: object): Promise<Payload> =>
  (
    await ask(
      app,
      `query ($input: ScriptProfilePreviewInput!) { preview: scriptProfilePreview(input: $input) { ${PREVIEW} } }`,
      {
        input,
      },
    )
  ).preview;
const idsOf = (list: Payload): number[] => list.nodes.map((node: { databaseId: number }) => node.databaseId);
const codesOf = (list: Payload[]): string[] => list.map(({ code }) => code);

const draft = {
  title: 'Weekly',
  scriptId: 1000,
  username: 'root',
  timeLimit: 90,
  tags: ['db'],
  trigger: { recurring: { interval: '0 6 * * MON', startAfter: '2025-01-01T00:00:00Z' } },
};

/** Reads every row of every table, and the sequences, which any insert would have advanced. */
async function everyRow(): Promise<Record<string, unknown>> {
  const { prisma } = app.database;
  const [found] = await prisma.$queryRawUnsafe<[{ all: string }]>(`
    select json_object_agg(name, contents order by name)::text as "all" from (
      select table_name as name, query_to_xml(format('select * from %I order by 1, 2', table_name), true, false, '')::text as contents
      from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'
      union all
      select sequencename, coalesce(last_value, 0)::text from pg_sequences where schemaname = current_schema()) everything`);
  return JSON.parse(found.all);
}

describe('a preview of a new profile', () => {
  test('shows the computers that it matches, its runs, and the room in the limits', async () => {
    expect(await preview({ create: draft })).toEqual({
      problems: [],
      warnings: [],
      changedFields: [],
      profilesRoom: { used: 3, max: 10 },
      computersRoom: { used: 2, max: 5000 },
      matched: { totalCount: 2, nodes: [{ databaseId: 2002 }, { databaseId: 2003 }] },
      joining: { totalCount: 2, nodes: [{ databaseId: 2002 }, { databaseId: 2003 }] },
      leaving: { totalCount: 0, nodes: [] },
      nextRuns: ['2025-04-14', '2025-04-21', '2025-04-28'].map((day) => ({
        at: `${day}T06:00:00Z`,
        slot: `${day}T06:00:00Z`,
        mayRunUntil: `${day}T06:01:30Z`,
        expectedComputers: 2,
        passedOver: [],
      })),
      slotsGivenUp: [],
    });
  });

  test('shows the slots that the spacing skips', async () => {
    const recurring = { interval: '0 * * * *', startAfter: '2025-04-11T00:00:00Z' };
    const { nextRuns, warnings } = await preview({ create: { ...draft, trigger: { recurring } } });
    expect(codesOf(warnings)).toEqual(['SPACED']);
    expect(nextRuns.map(({ at }: Payload) => at)).toEqual([
      '2025-04-11T00:00:00Z',
      '2025-04-11T06:00:00Z',
      '2025-04-11T12:00:00Z',
    ]);
    expect(nextRuns[1].passedOver).toEqual([
      { reason: 'SPACING', firstSlot: '2025-04-11T01:00:00Z', lastSlot: '2025-04-11T05:00:00Z', number: 5 },
    ]);
  });

  test.each<[string, object, string[]]>([
    ['no computer has its tags', { tags: ['nobody'] }, ['MATCHES_NOBODY']],
    ['it has tags that do not filter', { allComputers: true }, ['TAGS_IGNORED']],
    [
      'its time has passed',
      { trigger: { oneTime: { timestamp: '2025-04-01T08:00:00Z' } } },
      ['RUNS_AT_ONCE'],
    ],
    [
      'its schedule has ended',
      { trigger: { recurring: { interval: '0 0 1 1 *', startAfter: '9999-12-01T00:00:00Z' } } },
      ['NEVER_RUNS'],
    ],
    ['a run may take longer than the time to the next', { timeLimit: 7 * 86_400 + 1 }, ['MAY_OVERLAP']],
    [
      'an event profile matches no computer, as it should',
      { trigger: { event: { eventType: 'POST_ENROLLMENT' } } },
      [],
    ],
  ])('warns, or not, if %s', async (_, more, codes) => {
    expect(codesOf((await preview({ create: { ...draft, ...more } })).warnings)).toEqual(codes);
  });

  test('shows all problems, and everything else as well', async () => {
    await mutate(app, 'updateLimits', { maxNumProfiles: 2, maxNumComputers: 1 });
    const found = await preview({ create: { ...draft, title: 'Gone' } });
    expect(found.problems).toMatchObject([
      { code: 'TITLE_TAKEN', field: 'title' },
      { code: 'PROFILE_LIMIT', field: null, found: '3' },
      { code: 'COMPUTER_LIMIT', field: 'tags', found: '2' },
    ]);
    expect(found).toMatchObject({
      profilesRoom: { used: 3, max: 2 },
      computersRoom: { used: 2, max: 1 },
      matched: { totalCount: 2 },
    });
    expect(found.nextRuns[0].expectedComputers).toBe(1);
  });

  test('has a forecast while the title is still empty', async () => {
    const found = await preview({ create: { ...draft, title: ' ', username: '' } });
    expect(found.problems).toMatchObject([
      { code: 'INVALID_INPUT', field: 'title' },
      { code: 'INVALID_INPUT', field: 'username' },
    ]);
    expect(found.matched.totalCount).toBe(2);
  });

  test('reports a used title while the user is still empty', async () => {
    const more = { title: 'Gone', username: '' };
    for (const input of [{ create: { ...draft, ...more } }, { update: { id: DAILY, ...more } }]) {
      const { problems } = await preview(input);
      expect(problems.map(({ code, field }: Payload) => [code, field])).toEqual([
        ['INVALID_INPUT', 'username'],
        ['TITLE_TAKEN', 'title'],
      ]);
    }
  });

  test.each([
    ['does not exist', 7, 'SCRIPT_NOT_FOUND'],
    ['is archived', OTHERS_SCRIPT, 'SCRIPT_NOT_ACTIVE'],
  ])('reports a script that %s, also while the title is still empty', async (_, scriptId, code) => {
    const { problems, nextRuns } = await preview({
      create: { ...draft, scriptId, title: '', username: ':' },
    });
    expect(problems.map(({ code, field }: Payload) => [code, field])).toEqual([
      ['INVALID_INPUT', 'title'],
      ['INVALID_INPUT', 'username'],
      [code, 'scriptId'],
    ]);
    expect(nextRuns).toBeNull();
  });

  test('has no forecast for an invalid trigger', async () => {
    const trigger = { recurring: { interval: 'at six', startAfter: '2025-01-01T00:00:00Z' } };
    expect(await preview({ create: { ...draft, trigger } })).toMatchObject({
      problems: [{ code: 'INVALID_CRON' }],
      matched: null,
      joining: null,
      leaving: null,
      nextRuns: null,
      computersRoom: null,
      profilesRoom: { used: 3, max: 10 },
    });
  });
});

describe('a preview of an edit', () => {
  test('shows the computers that are added and dropped, and the changed fields', async () => {
    const found = await preview({ update: { id: DAILY, tags: ['db'], timeLimit: 60 } });
    expect([idsOf(found.matched), idsOf(found.joining), idsOf(found.leaving)]).toEqual([
      [2002, 2003],
      [2003],
      [2001],
    ]);
    expect(found.changedFields).toEqual([
      { field: 'timeLimit', current: '300', yours: '60' },
      { field: 'tags', current: '["web"]', yours: '["db"]' },
    ]);
    expect(found.profilesRoom).toEqual({ used: 2, max: 10 });
  });

  test('of another version shows the clash, and the effect of the edit on the stored profile', async () => {
    const found = await preview({ update: { id: DAILY, tags: ['db'], expectedVersion: 3 } });
    expect(found.problems).toMatchObject([{ code: 'VERSION_CLASH' }]);
    expect(idsOf(found.joining)).toEqual([2003]);
  });

  test('of a paused profile has no forecast, and a warning', async () => {
    await mutate(app, 'pauseScriptProfile', { id: DAILY });
    const found = await preview({ update: { id: DAILY, timeLimit: 60 } });
    expect([found.nextRuns, codesOf(found.warnings)]).toEqual([[], ['PAUSED']]);
  });

  test('warns of a due run that the edit would skip', async () => {
    await app.database.prisma.scriptProfile.updateMany({
      where: { id: DAILY },
      data: { nextRun: '2025-04-10T06:00:00Z', slotsFrom: '2025-04-10T00:00:00Z' },
    });
    const found = await preview({ update: { id: DAILY, trigger: { recurring: { interval: '0 7 * * *' } } } });
    expect(codesOf(found.warnings)).toEqual(['SLOTS_SKIPPED']);
    expect(found.slotsGivenUp).toEqual([
      {
        reason: 'RESCHEDULED',
        firstSlot: '2025-04-10T06:00:00Z',
        lastSlot: '2025-04-10T06:00:00Z',
        number: 1,
      },
    ]);
  });
});

test('pages its computers like any list', async () => {
  const document = (args: string) =>
    `query ($input: ScriptProfilePreviewInput!) { preview: scriptProfilePreview(input: $input) { joining(${args}) { nodes { databaseId } pageInfo { endCursor hasNextPage } } } }`;
  const page = async (args: string) =>
    (await ask(app, document(args), { input: { create: { ...draft, allComputers: true } } })).preview.joining;
  const first = await page('first: 3, orderBy: { field: TITLE, direction: DESC }');
  expect(idsOf(first)).toEqual([2004, 2003, 2002]);
  const { endCursor, hasNextPage } = first.pageInfo;
  expect(hasNextPage).toBe(true);
  expect(
    idsOf(await page(`first: 3, after: "${endCursor}", orderBy: { field: TITLE, direction: DESC }`)),
  ).toEqual([2001]);
});

test.each([-1, 51])('refuses %s runs', async (first) => {
  const { errors } = await app.graphql(
    `query ($input: ScriptProfilePreviewInput!) { scriptProfilePreview(input: $input) { nextRuns(first: ${first}) { at } } }`,
    { input: { create: draft } },
    app.token('jane@example.com', 'acme'),
  );
  expect(errors).toMatchObject([
    { extensions: { code: 'INVALID_INPUT', field: 'first', found: String(first) } },
  ]);
});

const changes: readonly object[] = [
  { create: draft },
  { create: { ...draft, title: '', timeLimit: 0, username: 'a:b' } },
  { create: { ...draft, title: 'Nightly' } },
  { create: { ...draft, title: '', tags: ['-no'] } },
  { create: { ...draft, scriptId: OTHERS_SCRIPT } },
  { create: { ...draft, scriptId: 77 } },
  { create: { ...draft, scriptId: 'garbage' } },
  {
    create: {
      ...draft,
      trigger: { recurring: { interval: '60 * * * *', startAfter: '2025-01-01T00:00:00Z' } },
    },
  },
  { create: { ...draft, allComputers: true } },
  { update: { id: DAILY, title: ' Nightly ' } },
  { update: { id: DAILY, title: 'Gone' } },
  { update: { id: DAILY, title: '', timeLimit: -1 } },
  { update: { id: DAILY, tags: ['web', 'db'] } },
  { update: { id: DAILY, allComputers: true } },
  { update: { id: DAILY, trigger: { oneTime: { timestamp: '2025-05-01T08:00:00Z' } } } },
  { update: { id: ARCHIVED, title: 'Back' } },
  { update: { id: DAILY, title: 'Other', expectedVersion: 2 } },
  { update: { id: DAILY, title: '', expectedVersion: 2 } },
  { update: { id: 77, title: 'Nobody' } },
  { update: { id: 'garbage', title: 'Nobody' } },
];

test.each(
  changes.flatMap((change) => [
    [JSON.stringify(change).slice(0, 90), change, {}] as const,
    [
      `${JSON.stringify(change).slice(0, 90)}, without room`,
      change,
      { maxNumProfiles: 2, maxNumComputers: 1 },
    ] as const,
  ]),
)(
  'its problems begin with the mutation’s refusal, word for word, and nothing is written: %s',
  async (_, change, limits) => {
    await mutate(app, 'updateLimits', limits);
    const before = await everyRow();
    const { problems } = await preview(change);
    expect(await everyRow()).toEqual(before);

    const [[act, input]] = Object.entries(change) as [[string, object]];
    const { userErrors } = await mutate(app, `${act}ScriptProfile`, input);
    expect(problems.length === 0).toBe(userErrors.length === 0);
    expect(problems.slice(0, userErrors.length)).toEqual(userErrors);
  },
);

test('the comparison covers all rows, so it would detect a write', async () => {
  const before = await everyRow();
  expect(Object.keys(before)).toEqual(
    expect.arrayContaining(['script_profile', 'slot_entry', 'activity', 'script_profile_id_seq']),
  );
  await mutate(app, 'createScriptProfile', draft);
  expect(await everyRow()).not.toEqual(before);
});

test('the added and dropped computers equal the difference between before and after a real edit', async () => {
  const members = async () =>
    idsOf(
      (await ask(app, `{ scriptProfile(id: ${DAILY}) { computers { nodes { databaseId } } } }`)).scriptProfile
        .computers,
    );
  const some = fc.uniqueArray(fc.constantFrom('web', 'db', 'nobody'));
  const steps = fc.array(fc.record({ tags: some, allComputers: fc.boolean() }, { requiredKeys: [] }), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (edits) => {
      for (const edit of edits) {
        const { matched, joining, leaving } = await preview({ update: { id: DAILY, ...edit } });
        const before = await members();
        await mutate(app, 'updateScriptProfile', { id: DAILY, ...edit });
        const after = await members();
        expect(idsOf(matched)).toEqual(after);
        expect(idsOf(joining)).toEqual(after.filter((id) => !before.includes(id)));
        expect(idsOf(leaving)).toEqual(before.filter((id) => !after.includes(id)));
        expect([matched.totalCount, joining.totalCount, leaving.totalCount]).toEqual(
          [matched, joining, leaving].map((list) => list.nodes.length),
        );
      }
    }),
    { numRuns: thorough(15) },
  );
});
