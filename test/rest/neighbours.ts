import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { clientOf, ok } from './client.ts';

// The requests of a client of the real system, step by step as observed: with the same parameters, extra keys and
// headers, and reading the same properties.
export function neighbourPages() {
  let app: TestApp;
  let now = '2025-04-23T00:00:00.000000Z';
  beforeAll(async () => {
    app = await sharedApp({ now: () => now });
    await app.graphql(
      'mutation { retagComputers(input: { ids: ["1", "2"], add: ["server"] }) { userErrors { message } } }',
    );
  });

  const { get, write, legacy } = clientOf(() => app);
  const graph = async (document: string, variables: object, token?: string) => {
    const { data, errors } = await app.graphql(document, variables, token);
    expect(errors).toBeUndefined();
    return data;
  };

  describe('the pages of script profiles', () => {
    test('list: the counts of the filters, a page, its count, the limits, the tree of groups', async () => {
      const scripts = ok(await get('/scripts?script_type=active&limit=0&offset=0'));
      expect(scripts).toEqual({ results: [], count: 3, next: null, previous: null });
      const page = ok(await get('/script-profiles?limit=20&offset=0&archived=active'));
      expect(page.results.map(({ id }: { id: number }) => id)).toEqual([5, 4, 1]);
      expect(ok(await get('/script-profiles?archived=active')).count).toBe(3);
      expect(ok(await get('/script-profile-limits')).max_num_profiles).toBe(10);
      expect(ok(await legacy('GetAccessGroups'))).toEqual([
        { name: 'desktop', title: 'Desktop', parent: 'global', children: '' },
        { name: 'global', title: 'Global', parent: '', children: 'desktop,server' },
        { name: 'server', title: 'Server', parent: 'global', children: '' },
      ]);
      const found = ok(await get('/script-profiles?limit=20&offset=0&search=one&archived=all'));
      expect(found.results.map(({ id }: { id: number }) => id)).toEqual([1]);
    });

    test('view: the profile, its script, its runs', async () => {
      const profile = ok(await get('/script-profiles/1'));
      const script = ok(await get(`/scripts/${profile.script_id}`));
      expect(Object.keys(script)).toEqual([
        ...['id', 'title', 'version_number', 'created_by', 'created_at', 'last_edited_by', 'last_edited_at'],
        ...['script_profiles', 'status', 'attachments', 'code', 'interpreter', 'access_group', 'time_limit'],
        ...['username', 'is_redactable', 'is_editable', 'is_executable'],
      ]);
      expect(script).toMatchObject({
        id: 34,
        created_by: { id: 1, name: 'John Smith' },
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/),
        script_profiles: [{ title: profile.title, id: 1 }],
        status: 'ACTIVE',
        attachments: [],
        is_editable: true,
      });
      expect(script.code).not.toMatch(/^#!/);
      expect(ok(await get('/script-profiles/1/activities?limit=20&offset=0')).count).toBe(1);
    });

    const extra = { last_run: '', next_run: '' };
    test.each([
      [
        'for an event',
        { trigger_type: 'event', event_type: 'post_enrollment', start_after: '2025-04-23T00:00:00' },
      ],
      [
        'for a time without a time zone',
        { trigger_type: 'one_time', timestamp: '2025-05-01T21:40', ...extra },
      ],
      [
        'for a schedule that is more frequent than allowed',
        {
          trigger_type: 'recurring',
          interval: '*/30 * * * *',
          start_after: '2025-04-24T21:40:34',
          ...extra,
        },
      ],
    ])('add: a trigger %s, with the extra keys that dashboards send', async (_what, trigger) => {
      expect(ok(await get('/tags')).results).toContain('server');
      const reached = ok(
        await get('/computers?limit=1&offset=0&query=tag:server+OR+tag:laptop&root_only=false'),
      );
      expect(reached).toMatchObject({ count: expect.any(Number), previous: null });
      expect(ok(await get('/scripts?script_type=active&limit=20&offset=0&search=')).count).toBe(3);
      const title = `Added ${trigger.trigger_type}`;
      const body = {
        all_computers: true,
        script_id: 35,
        time_limit: 300,
        title,
        trigger,
        username: 'root',
        tags: [],
      };
      const made = await write('POST', '/script-profiles', body);
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({ title, trigger: { trigger_type: trigger.trigger_type } });
      if ('interval' in trigger) {
        expect(made.body.trigger).toMatchObject({
          interval: '*/30 * * * *',
          start_after: '2025-04-24T21:40:34Z',
        });
      }
      expect(ok(await get(`/script-profiles/${made.body.id}`))).toEqual(made.body);
      const again = await write('POST', '/script-profiles', body);
      expect([again.status, again.body.error]).toEqual([409, 'DuplicateTitle']);
    });

    test('edit only the title of a finished one-time profile: the whole trigger is resent, and nothing runs', async () => {
      const before = ok(await get('/script-profiles/1'));
      expect(before.trigger).toMatchObject({ trigger_type: 'one_time', is_finished: true, next_run: null });
      const trigger = {
        trigger_type: 'one_time',
        timestamp: before.trigger.timestamp.slice(0, 19),
        ...extra,
      };
      const { tags, all_computers, time_limit, username } = before;
      const sent = { title: 'Renamed', tags, all_computers, time_limit, username, trigger };
      const after = ok(await write('PATCH', '/script-profiles/1', sent));
      expect(after).toEqual({ ...before, title: 'Renamed', last_edited_at: '2025-04-23T00:00:00.000000' });
    });

    test('archive: the answer is empty twice, and the profile can still be read', async () => {
      for (let turn = 0; turn < 2; turn += 1) {
        const { status, text } = await write('POST', '/script-profiles/4:archive');
        expect([status, text]).toEqual([204, '']);
      }
      expect(ok(await get('/script-profiles?limit=20&offset=0&archived=archived')).count).toBe(1);
      expect(ok(await get('/script-profiles/4')).archived).toBe(true);
      expect((await write('PATCH', '/script-profiles/4', { title: 'No' })).body.error).toBe(
        'ScriptProfileArchived',
      );
    });
  });

  describe('the pages around a run', () => {
    test('drill down: from the run to its executions, one of them, and its computer', async () => {
      const { activity } = (
        await graph(
          `mutation ($input: RunScriptProfileInput!) {
          runScriptProfile(input: $input) { activity { databaseId } userErrors { message } } }`,
          { input: { id: '5', idempotencyKey: 'drill' } },
        )
      ).runScriptProfile;
      const page = ok(await get(`/activities?limit=20&offset=0&query=parent-id:${activity.databaseId}`));
      expect(Object.keys(page)).toEqual(['count', 'results', 'next', 'previous']);
      expect(page).toMatchObject({ count: 20, next: null, previous: null });
      const [execution] = page.results;
      expect(Object.keys(execution)).toEqual([
        ...[
          'id',
          'creation_time',
          'creator',
          'type',
          'summary',
          'result_text',
          'computer_id',
          'approval_time',
        ],
        ...['delivery_time', 'deliver_after_time', 'deliver_before_time', 'parent_id', 'modification_time'],
        ...['completion_time', 'schedule_before_time', 'schedule_after_time', 'result_code'],
        ...['activity_status', 'children', 'actions'],
      ]);
      expect(execution).toMatchObject({
        type: 'ExecuteScriptRequest',
        creation_time: '2025-04-23T00:00:00Z',
        parent_id: activity.databaseId,
        activity_status: 'undelivered',
        actions: { approvable: false, cancelable: true, reappliable: false },
      });
      const all = ok(await get('/activities?limit=1&offset=0'));
      expect(all.next).toBe('/api/v2/activities?limit=1&offset=1');
      const run = ok(await get(`/activities/${activity.databaseId}`));
      expect(Object.keys(run)).toEqual([
        ...['id', 'creation_time', 'creator', 'type', 'summary', 'completion_time', 'parent_id'],
        ...['deliver_delay_window', 'result_text', 'result_code', 'activity_status', 'actions'],
      ]);
      expect(ok(await legacy('GetActivityTypes'))).toEqual(['ActivityGroup', 'ExecuteScriptRequest']);
      expect(ok(await get(`/activities/${execution.id}`))).toEqual(execution);
      expect(ok(await get(`/computers/${execution.computer_id}`)).id).toBe(execution.computer_id);

      const cancel = (id: number) => legacy('CancelActivities', `query=id:${id}`);
      expect(ok(await cancel(execution.id))).toEqual([execution.id]);
      expect(
        ok(await get(`/activities?query=status:canceled+computer:id:${execution.computer_id}`)).count,
      ).toBe(1);
      const again = await cancel(execution.id);
      expect([again.status, again.body.message]).toEqual([
        400,
        `activity ${execution.id} => The activity is already canceled.`,
      ]);
    });

    test('the computers of a profile, with all additional data that the page requests', async () => {
      const query =
        'limit=20&offset=0&query=profile:script:5&archived_only=false&wsl_children=false&wsl_parents=false';
      const flags = 'with_alerts=true&with_release_upgrades=true&with_upgrades=false&root_only=false';
      const page = ok(await get(`/computers?${query}&${flags}`));
      expect(page.count).toBe(ok(await get('/script-profiles/5')).computers.num_associated_computers);
      // All properties of a computer in the reference, and the additional ones that dashboards read.
      expect(Object.keys(page.results[0])).toEqual(
        expect.arrayContaining([
          ...['id', 'title', 'comment', 'hostname', 'total_memory', 'total_swap', 'reboot_required_flag'],
          ...[
            'update_manager_prompt',
            'clone_id',
            'last_exchange_time',
            'last_ping_time',
            'tags',
            'access_group',
          ],
          ...['distribution', 'cloud_instance_metadata', 'vm_info', 'container_info', 'ubuntu_pro_info'],
          ...['is_wsl_instance', 'children', 'parent', 'is_default_child', 'default_child', 'archived'],
          ...['cloud_init', 'distribution_info', 'employee_id', 'registered_at'],
        ]),
      );
      expect(page.results[0]).toMatchObject({
        alerts: [{ type: 'ComputerOfflineAlert', summary: 'Computer is offline', severity: 'warning' }],
        has_release_upgrades: false,
        children: [],
        parent: null,
      });
      expect(page.results[0]).not.toHaveProperty('upgrades');
      expect(ok(await legacy('GetSavedSearches'))).toEqual([]);
      expect(ok(await legacy('GetPendingComputers'))).toEqual([]);
      expect(
        ok(await get(`/computers?${query.replace('archived_only=false', 'archived_only=true')}`)).count,
      ).toBe(0);
      const [{ id }] = page.results;
      const { profiles } = ok(await get(`/computers/${id}?with_profiles=true`));
      expect(profiles).toContainEqual({ id: 5, name: null, title: expect.any(String), type: 'script' });
    });

    test.each([
      ['alert:package-upgrades', 0],
      ['NOT+alert:package-upgrades', 20],
      ['access-group-recursive:global+tag:server+OR+tag:nothing', 2],
      ['access-group:+server', 20],
      ['access-group:global', 0],
      ['%22no+such+thing%22', 0],
      ['', 20],
    ])('the overview requests computers with %s', async (query, count) => {
      const page = ok(await get(`/computers?query=${query}&limit=0&root_only=false`));
      expect(page.count).toBe(count);
    });

    test('an invalid query is refused with 400 and the position', async () => {
      const { status, body } = await get('/computers?query=tag:a+OR');
      expect([status, body]).toEqual([
        400,
        {
          error: 'InvalidInput',
          message: 'The query ends too early at position 9. Expected a term, NOT or an opening parenthesis.',
          detail: {
            field: 'query',
            found: 'the end at position 9',
            allowed: 'a term, NOT or an opening parenthesis',
          },
          code: 400,
          request_id: expect.any(String),
        },
      ]);
    });

    test('the effect of tags is shown before they are set', async () => {
      const tagged = await write('PATCH', '/script-profiles/5', { tags: ['new'], all_computers: false });
      expect(tagged.status).toBe(200);
      const changes = ok(await get('/tags/profile-diff?tags=new,other&instance_ids=1,2'));
      expect(changes).toEqual({
        results: [
          {
            tag: 'new',
            profile: {
              name: tagged.body.title,
              current_associated_instances: 0,
              profile_type: 'ScriptProfile',
              will_exceed_limit: false,
              will_exclude_instances: false,
            },
          },
        ],
        count: 1,
        next: null,
        previous: null,
      });
      const missing = await get('/tags/profile-diff?tags=new&instance_ids=1,4242');
      expect([missing.status, missing.body.detail.field]).toEqual([404, 'instance_ids']);
      // Dashboards show only the message, so it has the names of the legacy API.
      const wrong = await get('/tags/profile-diff?tags=new,-&instance_ids=1');
      expect(wrong.body).toMatchObject({
        message: expect.stringMatching(/^tags\[1\] must be 1 to 255 letters/),
        detail: { field: 'tags.1' },
      });
    });
  });

  test('a pending computer is accepted, and runs the profiles for its enrolment', async () => {
    expect(ok(await write('PATCH', '/preferences', { auto_register_new_computers: false }))).toEqual({
      audit_retention_period: -1,
      auto_register_new_computers: false,
      has_registration_password: false,
      registration_password: null,
      title: 'Standalone',
      ubuntu_one: false,
    });
    now = '2025-04-24T08:00:00.000000Z';
    const { computer, token } = (
      await graph(
        `mutation ($input: EnrolComputerInput!) {
        enrolComputer(input: $input) { token computer { databaseId } userErrors { message } } }`,
        { input: { hostname: 'new-1', tags: ['fresh'], accessGroup: 'server' } },
      )
    ).enrolComputer;
    const id = computer.databaseId;
    expect(ok(await legacy('GetPendingComputers'))).toEqual([
      {
        id,
        title: 'new-1',
        hostname: 'new-1',
        creation_time: '2025-04-24T08:00:00Z',
        vm_info: null,
        container_info: null,
        client_tags: ['fresh'],
        access_group: 'server',
      },
    ]);
    expect((await get(`/computers/${id}`)).status).toBe(404);
    const [accepted] = ok(await legacy('AcceptPendingComputers', `computer_ids.1=${id}&access_group=global`));
    expect(accepted).toMatchObject({ id, title: 'new-1', tags: ['fresh'], access_group: 'global' });
    expect(ok(await get(`/computers/${id}`)).registered_at).toBe('2025-04-24T08:00:00Z');
    const waiting = ok(await get(`/activities?query=computer:id:${id}+status:undelivered`));
    expect(waiting.count).toBe(1);
    const run = ok(await get(`/activities/${waiting.results[0].parent_id}`));
    expect(run).toMatchObject({ type: 'ActivityGroup', parent_id: null, activity_status: 'undelivered' });
    const { executions } = (
      await graph(
        'mutation { takeExecutions(input: {}) { executions { username attachments { filename } } } }',
        {},
        token,
      )
    ).takeExecutions;
    expect(executions).toEqual([{ username: 'root', attachments: [] }]);
  });
}
