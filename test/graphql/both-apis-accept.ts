import { beforeAll, describe, expect, test } from '@jest/globals';
import { epochSeconds, instantOf } from '../../src/domain/time.ts';
import { PAGE_NOW, type TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { Apis } from './apis.ts';
import { type Api, type Body, valid } from './refusals.ts';

export function bothApisAccept(): void {
  let app: TestApp;
  let apis: Apis;
  let seconds = 0;

  beforeAll(async () => {
    // Each transaction is one second later than the previous one.
    app = await sharedApp({ now: () => instantOf(epochSeconds(PAGE_NOW) + seconds++) });
    apis = new Apis(app, {});
  });

  const oneTime = (timestamp: string) => ({ trigger_type: 'one_time', timestamp });
  const recurring = (fields: Body) => ({ trigger_type: 'recurring', ...fields });

  const kinds = {
    event: { trigger_type: 'event', event_type: 'post_enrollment' },
    one_time: oneTime('2030-01-01T12:00:30Z'),
    recurring: recurring({ interval: '0 12 * * *', start_after: '2030-01-01T12:00:30Z' }),
  };

  /** Creates a profile for one test, and archives earlier ones to stay within the limit. */
  async function profileOf(kind: keyof typeof kinds): Promise<Body & { readonly id: number }> {
    const { body } = await app.rest('GET', '/script-profiles?search=Accepting');
    for (const { id } of body.results) await app.rest('POST', `/script-profiles/${id}:archive`);
    const title = `Accepting ${++seconds}`;
    const made = await app.rest('POST', '/script-profiles', { ...valid, title, trigger: kinds[kind] });
    expect(made.status).toBe(201);
    return made.body;
  }

  const read = async (id: number): Promise<Body> => (await app.rest('GET', `/script-profiles/${id}`)).body;

  interface Accepted {
    readonly name: string;
    readonly of: keyof typeof kinds;
    readonly to: Body | ((profile: Body) => Body);
    /** The properties of the REST answer that change, except for `last_edited_at`. None if omitted. */
    readonly changes?: Body;
    readonly only?: Api;
  }

  const at = (timestamp: string) => ({
    trigger: { ...oneTime(timestamp), is_finished: false, next_run: timestamp, last_run: null },
  });
  const every = (interval: string, start_after: string, next_run: string) => ({
    trigger: { ...recurring({ interval, start_after }), last_run: null, next_run },
  });

  const updates: readonly Accepted[] = [
    { name: 'nothing', of: 'event', to: {} },
    {
      name: 'null for every field',
      of: 'recurring',
      to: { title: null, username: null, time_limit: null, tags: null, all_computers: null, trigger: null },
    },
    {
      name: 'null for the parts of a schedule',
      of: 'recurring',
      to: { trigger: recurring({ interval: null, start_after: null }) },
    },
    { name: 'a schedule without its parts', of: 'recurring', to: { trigger: recurring({}) } },
    {
      name: 'all that it has',
      of: 'recurring',
      to: ({ title, username, time_limit, tags, all_computers }) => ({
        ...{ title, username, time_limit, tags, all_computers },
        trigger: kinds.recurring,
      }),
    },
    { name: 'the event that it waits for', of: 'event', to: { trigger: kinds.event } },
    { name: 'its title, in spaces', of: 'event', to: ({ title }) => ({ title: ` ${title}\n` }) },
    { name: 'its tags, one of them twice', of: 'event', to: { tags: ['web', 'web'] } },
    {
      name: 'its time in another zone',
      of: 'one_time',
      to: { trigger: oneTime('2030-01-01T14:00:30+02:00') },
    },
    { name: 'its time without a zone', of: 'one_time', to: { trigger: oneTime('2030-01-01T12:00:30') } },
    { name: 'its time with decimals', of: 'one_time', to: { trigger: oneTime('2030-01-01T12:00:30.999Z') } },
    {
      name: 'the whole answer, as dashboards do',
      of: 'one_time',
      to: (profile) => profile,
      only: 'rest',
    },
    {
      name: 'keys that are unknown or never change',
      of: 'recurring',
      to: {
        ...{ id: 99, script_id: 31, access_group: 'server', archived: true, created_by: null, nonsense: {} },
        trigger: { ...kinds.recurring, last_run: '', next_run: '', timestamp: 'tomorrow' },
      },
      only: 'rest',
    },
    { name: 'no tags', of: 'event', to: { tags: [] }, changes: { tags: [] } },
    { name: 'a tag twice', of: 'event', to: { tags: ['é', 'db', 'é'] }, changes: { tags: ['é', 'db'] } },
    { name: 'all computers', of: 'event', to: { all_computers: true }, changes: { all_computers: true } },
    { name: 'another user', of: 'event', to: { username: 'www data' }, changes: { username: 'www data' } },
    {
      name: 'the longest time limit',
      of: 'event',
      to: { time_limit: 2 ** 31 - 1 },
      changes: { time_limit: 2 ** 31 - 1 },
    },
    {
      name: 'a naive time',
      of: 'one_time',
      to: { trigger: oneTime('2031-05-06T07:08:09') },
      changes: at('2031-05-06T07:08:09Z'),
    },
    {
      name: 'a naive time without seconds',
      of: 'one_time',
      to: { trigger: oneTime('2031-05-06T07:08') },
      changes: at('2031-05-06T07:08:00Z'),
    },
    {
      name: 'a time with an offset',
      of: 'one_time',
      to: { trigger: oneTime('2031-05-06T07:08:09-07:30') },
      changes: at('2031-05-06T14:38:09Z'),
    },
    {
      name: 'a time with decimals',
      of: 'one_time',
      to: { trigger: oneTime('2031-05-06T07:08:09.999999Z') },
      changes: at('2031-05-06T07:08:09Z'),
    },
    {
      name: 'the interval alone',
      of: 'recurring',
      to: { trigger: recurring({ interval: '30 6 * * MON-FRI' }) },
      changes: every('30 6 * * MON-FRI', '2030-01-01T12:00:30Z', '2030-01-02T06:30:00Z'),
    },
    {
      name: 'start_after alone, beside a null',
      of: 'recurring',
      to: { trigger: recurring({ interval: null, start_after: '2031-01-01T00:00' }) },
      changes: every('0 12 * * *', '2031-01-01T00:00:00Z', '2031-01-01T12:00:00Z'),
    },
  ];

  const onEach = (rows: readonly Accepted[]) =>
    rows.flatMap((row) =>
      (row.only ? [row.only] : (['rest', 'graph'] as const)).map((api) => ({ ...row, api })),
    );

  describe('an update with the stored values changes nothing, not even last_edited_at', () => {
    test.each(onEach(updates.filter(({ changes }) => !changes)))(
      '$name, over $api',
      async ({ api, of, to }) => {
        const before = await profileOf(of);
        const said = typeof to === 'function' ? to(before) : to;
        const outcome = await apis.act(api, { update: before.id, to: said });
        expect(outcome).toEqual({ status: 200, others: [] });
        expect(await read(before.id)).toEqual(before);
      },
    );
  });

  describe('an update changes the given fields and last_edited_at, and nothing else', () => {
    test.each(onEach(updates.filter(({ changes }) => changes)))('$name, over $api', async (row) => {
      const before = await profileOf(row.of);
      const outcome = await apis.act(row.api, { update: before.id, to: row.to as Body });
      expect(outcome).toEqual({ status: 200, others: [] });
      const { last_edited_at, ...after } = await read(before.id);
      expect({ ...before, ...row.changes }).toEqual({ ...after, last_edited_at: before.last_edited_at });
      expect(String(last_edited_at) > String(before.last_edited_at)).toBe(true);
    });
  });

  describe('a new profile', () => {
    const creates = [
      ['without tags and all_computers reaches no computer', { tags: undefined, all_computers: undefined }],
      ['with null for both reaches no computer', { tags: null, all_computers: null }],
    ] as const;
    test.each(
      creates.flatMap(([name, body]) =>
        (['rest', 'graph'] as const).map((api) => [name, api, body] as const),
      ),
    )('%s, over %s', async (_name, api, body) => {
      const title = `Accepting ${++seconds}`;
      expect(await apis.act(api, { create: { ...valid, title, ...body } })).not.toHaveProperty('message');
      const { body: page } = await app.rest('GET', `/script-profiles?names=${encodeURIComponent(title)}`);
      expect(page.results[0]).toMatchObject({ title, tags: [], all_computers: false });
      await app.rest('POST', `/script-profiles/${page.results[0].id}:archive`);
    });

    test('unknown keys are ignored, a script’s id may be text, and the title is trimmed', async () => {
      const made = await app.rest('POST', '/script-profiles', {
        ...valid,
        ...{
          title: ' Accepting all of it\t',
          script_id: '35',
          access_group: 'server',
          id: 5,
          archived: true,
        },
        trigger: { ...kinds.event, start_after: 'tomorrow', last_run: '', next_run: '' },
      });
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({
        ...{ title: 'Accepting all of it', script_id: 35, access_group: 'global', archived: false },
        trigger: kinds.event,
      });
      expect(made.body.id).not.toBe(5);
    });

    test('the graph accepts a single tag as a list of one', async () => {
      const title = `Accepting ${++seconds}`;
      const created = await apis.act('graph', { create: { ...valid, title, tags: 'web' } });
      expect(created).toEqual({ status: 200, others: [] });
    });
  });

  describe('archiving', () => {
    test.each(['rest', 'graph'] as const)(
      'archives a profile once, and changes nothing if repeated, over %s',
      async (api) => {
        const { id } = await profileOf('recurring');
        expect(await apis.act(api, { archive: id })).not.toHaveProperty('message');
        const archived = await read(id);
        expect(archived).toMatchObject({ archived: true, trigger: { next_run: null } });
        expect(await apis.act(api, { archive: id })).not.toHaveProperty('message');
        expect(await read(id)).toEqual(archived);
      },
    );
  });
}
