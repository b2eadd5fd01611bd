import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { insertRows } from '../../src/demo/inserts.ts';
import { addMinutes, type Instant } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { at } from '../support/builders.ts';
import { anAccount, aRun, insert, type TestAccount } from '../support/rows.ts';
import { thorough } from '../support/seed.ts';
import { sharedApp } from '../support/shared-app.ts';
import type { Payload } from './mutate.ts';

// The two APIs are views of the same data: after changes through either, both show the same state.
export function sameState(): void {
  let app: TestApp;
  let now: Instant = at('2025-04-10T12:00:30.000007');
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: () => now });
  });

  type Trigger = { event: true } | { oneTime: string } | { interval?: string; startAfter?: string };
  interface Fields {
    readonly title?: string;
    readonly username?: string;
    readonly timeLimit?: number;
    readonly tags?: readonly string[];
    readonly allComputers?: boolean;
    readonly trigger?: Trigger;
  }

  /** Mostly valid values, so that most steps succeed. */
  const mostly = <Value>(wrong: Value, ...right: Value[]) =>
    fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...right) }, fc.constant(wrong));
  const titles = mostly('', 'A', 'B', ' C ', 'D é', 'E\u2028', 'F', 'G', 'H', 'I', 'J', 'K', 'L');
  const when = mostly('soon', '2025-04-01T00:00:00', '2025-04-11T10:00', '2025-06-01T12:00:00.9+02:00');
  const crons = mostly('0 0 30 2 *', '0 6 * * *', '*/7 8-17 * * MON-FRI');
  const triggers: fc.Arbitrary<Trigger> = fc.oneof(
    fc.constant({ event: true } as const),
    fc.record({ oneTime: when }),
    fc.record({ interval: crons, startAfter: when }),
  );
  const tags = fc.array(mostly('-no', 'web', 'db', 'x_y'), { maxLength: 3 });
  const optional = {
    title: titles,
    username: mostly('a:b', 'root', 'www'),
    timeLimit: mostly(0, 60, 300),
    tags,
    allComputers: fc.boolean(),
  };
  const api = fc.constantFrom('graph', 'rest');
  const steps = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        create: fc.record({
          title: titles,
          username: fc.constantFrom('root', 'www'),
          timeLimit: fc.constantFrom(60, 300),
          trigger: triggers,
        }),
        more: fc.record({ tags, allComputers: fc.boolean() }, { requiredKeys: [] }),
        api,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        update: fc.record(
          { ...optional, trigger: fc.oneof(triggers, fc.record({ interval: crons })) },
          { requiredKeys: [] },
        ),
        which: fc.nat(20),
        api,
      }),
    },
    { weight: 1, arbitrary: fc.record({ archive: fc.constant(true), which: fc.nat(20), api }) },
    { weight: 1, arbitrary: fc.record({ run: fc.nat(20) }) },
  );

  const graphInput = ({ trigger, ...fields }: Fields) => ({
    ...fields,
    ...(trigger && { trigger: graphTrigger(trigger) }),
  });
  function graphTrigger(trigger: Trigger): object {
    if ('event' in trigger) return { event: { eventType: 'POST_ENROLLMENT' } };
    return 'oneTime' in trigger ? { oneTime: { timestamp: trigger.oneTime } } : { recurring: trigger };
  }

  const restBody = ({ title, username, timeLimit, tags, allComputers, trigger }: Fields) => ({
    title,
    username,
    time_limit: timeLimit,
    tags,
    all_computers: allComputers,
    ...(trigger && { trigger: restTrigger(trigger) }),
  });
  function restTrigger(trigger: Trigger): object {
    if ('event' in trigger) return { trigger_type: 'event', event_type: 'post_enrollment' };
    if ('oneTime' in trigger) return { trigger_type: 'one_time', timestamp: trigger.oneTime };
    return { trigger_type: 'recurring', interval: trigger.interval, start_after: trigger.startAfter };
  }

  const FIELDS = `databaseId title scriptId accessGroup { name } createdBy { databaseId name } createdAt lastEditedAt
  trigger { __typename
    ... on EventTrigger { eventType }
    ... on OneTimeTrigger { timestamp isFinished nextRun lastRun }
    ... on RecurringTrigger { interval startAfter nextRun lastRun } }
  allComputers tags timeLimit username numAssociatedComputers archived
  lastActivity { databaseId creationTime creator { databaseId name email } type summary completionTime
    parent { databaseId } deliverDelayWindow resultText resultCode status }`;

  /** Derived independently from the documentation: the form of the graph's data in the legacy API. */
  const naive = (time: string) => (time.includes('.') ? time.replace('Z', '') : time.replace('Z', '.000000'));
  const cut = (time: string | null) => time?.replace(/(\.\d+)?Z$/, 'Z') ?? null;
  const person = ({ databaseId, ...rest }: Payload) => ({ ...rest, id: databaseId });
  const legacy = (profile: Payload) => ({
    id: profile.databaseId,
    title: profile.title,
    script_id: profile.scriptId,
    access_group: profile.accessGroup.name,
    created_by: person(profile.createdBy),
    created_at: naive(profile.createdAt),
    last_edited_at: naive(profile.lastEditedAt),
    trigger: legacyTrigger(profile.trigger),
    all_computers: profile.allComputers,
    tags: profile.tags,
    time_limit: profile.timeLimit,
    username: profile.username,
    computers: { num_associated_computers: profile.numAssociatedComputers },
    activities: { last_activity: profile.lastActivity && legacyActivity(profile.lastActivity) },
    archived: profile.archived,
  });
  function legacyTrigger({ __typename, ...trigger }: Payload) {
    const runs = { next_run: cut(trigger.nextRun ?? null), last_run: cut(trigger.lastRun ?? null) };
    if (__typename === 'EventTrigger') return { trigger_type: 'event', event_type: 'post_enrollment' };
    return __typename === 'OneTimeTrigger'
      ? {
          trigger_type: 'one_time',
          timestamp: cut(trigger.timestamp),
          is_finished: trigger.isFinished,
          ...runs,
        }
      : {
          trigger_type: 'recurring',
          interval: trigger.interval,
          start_after: cut(trigger.startAfter),
          ...runs,
        };
  }
  const legacyActivity = (activity: Payload) => ({
    id: activity.databaseId,
    creation_time: cut(activity.creationTime),
    creator: person(activity.creator),
    type: { ACTIVITY_GROUP: 'ActivityGroup' }[activity.type as string],
    summary: activity.summary,
    completion_time: cut(activity.completionTime),
    parent_id: activity.parent?.databaseId ?? null,
    deliver_delay_window: activity.deliverDelayWindow,
    result_text: activity.resultText,
    result_code: activity.resultCode,
    activity_status: activity.status.toLowerCase(),
  });

  function tellers(account: TestAccount) {
    const token = app.token(account.caller.email, account.name);
    const graph = async (document: string, variables = {}) =>
      (await app.graphql(document, variables, token)).data;
    const rest = (method: string, path: string, body?: object) =>
      app.rest(method, path, body, { authorization: `Bearer ${token}`, 'content-type': 'application/json' });
    const mutate = async (name: string, type: string, input: object): Promise<Payload | undefined> => {
      const answer = await app.graphql(
        `mutation ($input: ${type}!) { done: ${name}(input: $input) { scriptProfile { ${FIELDS} } userErrors { code } } }`,
        { input },
        token,
      );
      const made = answer.data?.done.scriptProfile;
      return made && legacy(made);
    };
    const answered = async (method: string, path: string, body?: object): Promise<Payload | undefined> => {
      const { status, body: made } = await rest(method, path, body);
      return status < 300 ? (made ?? 'archived') : undefined;
    };
    return {
      /** The whole account as each API shows it. */
      async story() {
        const { page } = await graph(
          `{ page: scriptProfiles(filter: { status: ALL }) { totalCount nodes { ${FIELDS} } } }`,
        );
        const listed = await rest('GET', '/script-profiles?archived=all');
        expect(listed.body).toEqual({
          results: page.nodes.map(legacy),
          count: page.totalCount,
          next: null,
          previous: null,
        });
        return listed.body.results as Payload[];
      },
      create: (by: string, fields: Fields, scriptId: number) =>
        by === 'graph'
          ? mutate('createScriptProfile', 'CreateScriptProfileInput', { ...graphInput(fields), scriptId })
          : answered('POST', '/script-profiles', { ...restBody(fields), script_id: scriptId }),
      update: (by: string, id: number, fields: Fields) =>
        by === 'graph'
          ? mutate('updateScriptProfile', 'UpdateScriptProfileInput', { ...graphInput(fields), id })
          : answered('PATCH', `/script-profiles/${id}`, restBody(fields)),
      archive: (by: string, id: number) =>
        by === 'graph'
          ? mutate('archiveScriptProfile', 'ArchiveScriptProfileInput', { id })
          : answered('POST', `/script-profiles/${id}:archive`),
    };
  }

  let accounts = 0;
  async function fleet(): Promise<TestAccount> {
    const { prisma } = app.database;
    accounts += 1;
    const account = await anAccount(prisma, `account ${accounts}`);
    await insert(prisma, 'script', account, [{ id: 1000 }, { id: 1001 }]);
    await insert(prisma, 'computer', account, [{ id: 1000 }, { id: 1001 }, { id: 1002 }]);
    const tagged = ['web', 'db', 'web'].map((tag, index) => ({ computerId: 1000 + index, tag, position: 1 }));
    await insertRows(prisma, 'computer_tag', account.id, tagged);
    return account;
  }

  /** Each API performs one action that succeeds and one that is refused. */
  const certain = (['graph', 'rest'] as const).flatMap((api) => {
    const create = { username: 'root', timeLimit: 60, trigger: { event: true } } as const;
    const update = (timeLimit: number) => ({ update: { timeLimit }, which: 0, api });
    return [
      { create: { ...create, title: `Title by ${api}` }, more: {}, api },
      { create: { ...create, title: '' }, more: {}, api },
      update(60),
      update(0),
      { run: 0 },
      { archive: true as const, which: 0, api },
    ];
  });

  test('after any creates, updates and archives through either API, both show the same state', async () => {
    const seen = { done: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 4, maxLength: 12, size: 'max' }), async (walk) => {
        const account = await fleet();
        const { story, create, update, archive } = tellers(account);
        let before = await story();
        for (const [turn, step] of walk.entries()) {
          now = `${addMinutes(now, 13).slice(0, 20)}${String(turn * 90_001).padStart(6, '0')}Z`;
          const pick = (which: number): number => before[which % Math.max(1, before.length)]?.id ?? 99;
          let answer: Payload | undefined;
          if ('create' in step)
            answer = await create(step.api, { ...step.create, ...step.more }, 1000 + (turn % 2));
          else if ('update' in step) answer = await update(step.api, pick(step.which), step.update);
          else if ('archive' in step) answer = await archive(step.api, pick(step.which));
          else if (before.length > 0) {
            const run = aRun(2000 + 10 * turn, pick(step.run), [{ computerId: 1000, status: 'undelivered' }]);
            await insert(
              app.database.prisma,
              'activity',
              account,
              run.map((row) => ({ ...row, creationTime: now })),
            );
          }

          const after = await story();
          if (!('run' in step)) {
            seen[answer ? 'done' : 'refused'] += 1;
            // A refused step changed nothing, and the answer of a successful step equals the shown state.
            if (!answer) expect(after).toEqual(before);
            else if (answer !== 'archived') expect(after).toContainEqual(answer);
          }
          before = after;
        }
      }),
      { numRuns: thorough(25), examples: [[certain]] },
    );
    expect(seen.done).toBeGreaterThanOrEqual(6);
    expect(seen.refused).toBeGreaterThanOrEqual(4);
  });
}
