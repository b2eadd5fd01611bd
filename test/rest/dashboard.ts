import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';
import { base64, clientOf, ok } from './client.ts';

// The requests of the real system's dashboard besides scripts and script profiles, in the form of its own types.
export function dashboard() {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const { get, write, legacy, form } = clientOf(() => app);

  describe('a list of another product area is empty, in the form that its page expects', () => {
    const emptyPage = { results: [], count: 0, next: null, previous: null };
    test.each([
      ['/alerts', []],
      ['/packageprofiles', { result: [] }],
      ['/rebootprofiles', emptyPage],
      ['/repositoryprofiles?limit=20&offset=0', emptyPage],
      ['/computers/availability-zones', { values: [] }],
      ['/usns?computer_ids=1&limit=20&offset=0&show_packages=false', emptyPage],
      ['/users?computer_id=1&limit=5000', emptyPage],
      ['/computers/1/packages?limit=20&offset=0&installed=true', emptyPage],
      ['/computers/1/snaps/installed?limit=20&offset=0', emptyPage],
      ['/computers/1/processes?limit=20&offset=0', emptyPage],
      [
        '/computers/1/livepatch/info',
        {
          livepatch_info: null,
          ubuntu_pro_livepatch_service_info: null,
          ubuntu_pro_reboot_required_info: null,
        },
      ],
      [
        '/computers/1/livepatch/kernel',
        { downgrades: [], installed: null, message: '', smart_status: '', upgrades: [] },
      ],
    ])('%s', async (path, body) => {
      expect(ok(await get(path))).toEqual(body);
    });

    test.each(['GetUpgradeProfiles', 'GetRemovalProfiles'])('%s', async (action) => {
      expect(ok(await legacy(action))).toEqual([]);
    });

    test('the recovery key of a computer is null, and an unknown computer is 404', async () => {
      expect(ok(await get('/computers/1/recovery-key'))).toEqual({ fde_recovery_key: null, activity: null });
      const parts = ['packages', 'snaps/installed', 'processes', 'livepatch/info', 'livepatch/kernel'];
      for (const part of ['recovery-key', ...parts])
        expect((await get(`/computers/4242/${part}`)).status).toBe(404);
    });
  });

  describe('a manual run of a script', () => {
    test.each(['GET', 'POST'])(
      'by %s runs on the computers that match a query, and returns the run',
      async (method) => {
        const fields = {
          query: 'id:1 OR id:2',
          script_id: '35',
          username: 'root',
          time_limit: '60',
          deliver_after: '2099-01-01T00:00:00Z',
        };
        const run = ok(
          method === 'POST'
            ? await form('ExecuteScript', fields)
            : await legacy('ExecuteScript', new URLSearchParams(fields).toString()),
        );
        expect(run).toMatchObject({
          type: 'ActivityGroup',
          summary: 'Run script: Report failed services',
          activity_status: 'undelivered',
          parent_id: null,
          actions: { approvable: false, cancelable: true },
        });
        const { results } = ok(await get(`/activities?query=parent-id:${run.id}`));
        expect(results).toMatchObject(
          [2, 1].map((computer_id) => ({
            type: 'ExecuteScriptRequest',
            computer_id,
            activity_status: 'scheduled',
            deliver_after_time: '2099-01-01T00:00:00Z',
          })),
        );
      },
    );

    test.each([
      ['script_id=35&username=root', 400, 'query'],
      ['script_id=35&query=id:1', 400, 'username'],
      ['script_id=35&query=id:1&username=root&time_limit=soon', 400, 'time_limit'],
      ['script_id=35&query=id:1&username=root&deliver_after=soon', 400, 'deliver_after'],
      ['script_id=4242&query=id:1&username=root', 404, 'script_id'],
    ])('is refused with %s: %d, for %s', async (parameters, status, field) => {
      const answer = await legacy('ExecuteScript', parameters);
      expect([answer.status, answer.body.detail.field]).toEqual([status, field]);
    });
  });

  describe('saved searches', () => {
    test('are created by a form, listed, edited, and removed by name', async () => {
      const web = { name: 'web-servers', search: 'tag:web', title: 'Web servers' };
      expect(ok(await form('CreateSavedSearch', { title: web.title, search: web.search }))).toEqual(web);
      const named = { name: 'mine', search: 'tag:db', title: 'Web servers' };
      expect(ok(await form('CreateSavedSearch', named))).toEqual(named);
      expect(ok(await legacy('GetSavedSearches'))).toEqual([named, web]);
      const edited = { ...web, search: 'tag:web NOT id:7' };
      expect(ok(await form('EditSavedSearch', edited))).toEqual(edited);
      expect(ok(await legacy('RemoveSavedSearch', 'name=mine'))).toBeNull();
      expect(ok(await legacy('GetSavedSearches'))).toEqual([edited]);
    });

    test.each([
      ['CreateSavedSearch', { title: 'Web servers', search: 'tag:a' }, 409, 'title'],
      ['CreateSavedSearch', { title: 'Other', name: 'web-servers', search: 'tag:a' }, 409, 'name'],
      ['CreateSavedSearch', { title: '?!', search: 'tag:a' }, 400, 'title'],
      ['CreateSavedSearch', { title: 'Other', name: '-', search: 'tag:a' }, 400, 'name'],
      ['CreateSavedSearch', { title: 'Other', search: 'tag:' }, 400, 'search'],
      ['CreateSavedSearch', { title: 'Other' }, 400, 'search'],
      ['EditSavedSearch', { name: 'web-servers', search: 'tag:' }, 400, 'search'],
      ['EditSavedSearch', { name: 'none', title: 'A' }, 404, 'name'],
      ['RemoveSavedSearch', { name: 'none' }, 404, 'name'],
    ])('are refused by %s with %j: %d, for %s', async (action, fields, status, field) => {
      const answer = await form(action, fields as Record<string, string>);
      expect([answer.status, answer.body.detail.field]).toEqual([status, field]);
    });
  });

  test('scripts that can run on the computers of an access group are listed', async () => {
    const listed = async (group: string) => {
      const { results } = ok(await get(`/scripts?script_type=active&parent_access_group=${group}`));
      return results.map(({ access_group }: { access_group: string }) => access_group).sort();
    };
    expect(await listed('server')).toEqual(['global', 'global', 'server']);
    expect(await listed('desktop')).toEqual(['global', 'global']);
    expect(await listed('nowhere')).toEqual([]);
  });

  test('a computer is offline in its alerts and in a search until it takes executions', async () => {
    const { data } = await app.graphql(`mutation { enrolComputer(input: {
      hostname: "new-3", accessGroup: "server", distribution: { distributor: "Ubuntu", release: "24.04" }
    }) { token computer { databaseId } } }`);
    const { token, computer } = data.enrolComputer;
    const id = computer.databaseId;
    ok(await legacy('AcceptPendingComputers', `computer_ids.1=${id}&access_group=server`));
    const offline = async () => {
      const found = ok(await get(`/computers?query=id:${id}+alert:computer-offline&limit=0`)).count;
      const others = ok(await get(`/computers?query=id:${id}+NOT+alert:computer-offline&limit=0`)).count;
      const { alerts } = ok(await get(`/computers/${id}?with_alerts=true`));
      return [found, others, alerts.map(({ type }: { type: string }) => type)];
    };
    expect(ok(await get(`/computers/${id}`)).distribution_info).toEqual({
      distributor: 'Ubuntu',
      description: null,
      release: '24.04',
      code_name: null,
    });
    expect(await offline()).toEqual([1, 0, ['ComputerOfflineAlert']]);
    ok(await legacy('ExecuteScript', `script_id=31&query=id:${id}&username=root`));
    await app.graphql('mutation { takeExecutions(input: {}) { executions { id } } }', {}, token);
    expect(await offline()).toEqual([0, 1, []]);
  });

  describe('activities', () => {
    test('that have ended are run again, and show that this is possible', async () => {
      const run = ok(await legacy('ExecuteScript', 'script_id=31&query=id:10+OR+id:11&username=root'));
      expect(run.actions).toEqual({ approvable: false, cancelable: true, reappliable: false });
      const early = await write('POST', '/activities/reapply', { activity_ids: [run.id] });
      expect([early.status, early.body.message]).toEqual([
        400,
        `activity ${run.id} => The activity has not ended.`,
      ]);
      ok(await legacy('CancelActivities', `query=id:${run.id}`));
      const { actions } = ok(await get(`/activities/${run.id}`));
      expect(actions).toEqual({ approvable: false, cancelable: false, reappliable: true });
      const [part] = ok(await get(`/activities?query=parent-id:${run.id}`)).results;
      const [again, ...others] = ok(await write('POST', '/activities/reapply', { activity_ids: [part.id] }));
      expect(others).toEqual([]);
      const { results } = ok(await get(`/activities?query=parent-id:${again}`));
      expect(results).toMatchObject([{ computer_id: part.computer_id, activity_status: 'undelivered' }]);
    });

    test('of an archived profile are not run again, and show that this is impossible', async () => {
      const { data } = await app.graphql(
        'mutation { runScriptProfile(input: { id: "5" }) { activity { databaseId } } }',
      );
      const id = data.runScriptProfile.activity.databaseId;
      ok(await legacy('CancelActivities', `query=id:${id}`));
      expect(ok(await get(`/activities/${id}`)).actions.reappliable).toBe(true);
      expect((await write('POST', '/script-profiles/5:archive')).status).toBe(204);
      expect(ok(await get(`/activities/${id}`)).actions.reappliable).toBe(false);
      const refused = await write('POST', '/activities/reapply', { activity_ids: [id] });
      expect([refused.status, refused.body.error]).toEqual([400, 'ScriptProfileArchived']);
    });

    test('of an archived script are not run again, and show that this is impossible', async () => {
      const code = base64('#!/bin/sh\ntrue\n');
      const script = ok(await form('CreateScript', { title: 'Once', code, script_type: 'V2' }));
      const run = ok(await legacy('ExecuteScript', `script_id=${script.id}&query=id:12&username=root`));
      ok(await legacy('CancelActivities', `query=id:${run.id}`));
      expect(ok(await get(`/activities/${run.id}`)).actions.reappliable).toBe(true);
      expect((await write('POST', `/scripts/${script.id}:archive`)).status).toBe(204);
      const { results } = ok(await get(`/activities?query=id:${run.id}+OR+parent-id:${run.id}`));
      expect(results.map(({ actions }: { actions: object }) => actions)).toMatchObject([
        { reappliable: false },
        { reappliable: false },
      ]);
      const refused = await write('POST', '/activities/reapply', { activity_ids: [run.id] });
      expect([refused.status, refused.body.error]).toEqual([400, 'ScriptNotActive']);
    });

    test('that do not require approval cannot be approved', async () => {
      const answer = await legacy('ApproveActivities', 'query=id:2396');
      expect([answer.status, answer.body.message]).toEqual([
        400,
        'activity 2396 => The activity does not wait for approval.',
      ]);
    });
  });

  describe('computers', () => {
    const ids = (computers: { id: number }[]) => computers.map(({ id }) => id);

    test('are retagged and moved by a query, and returned in their new state', async () => {
      const tagged = ok(await legacy('AddTagsToComputers', 'query=id:3+OR+id:4&tags.1=one&tags.2=two'));
      expect(tagged).toMatchObject([3, 4].map((id) => ({ id, tags: ['one', 'two'] })));
      expect(tagged[0]).toEqual(ok(await get('/computers/3')));
      const untagged = ok(await form('RemoveTagsFromComputers', { query: 'tag:one', 'tags.1': 'one' }));
      expect(untagged).toMatchObject([3, 4].map((id) => ({ id, tags: ['two'] })));
      const moved = ok(await legacy('ChangeComputersAccessGroup', 'query=tag:two&access_group=desktop'));
      expect(moved).toMatchObject([3, 4].map((id) => ({ id, access_group: 'desktop' })));
    });

    test('are edited in the form that their page sends', async () => {
      const sent = { title: 'Renamed', comment: 'A note', access_group: 'server', tags: ['a'] };
      expect(ok(await write('PUT', '/computers/5', sent))).toMatchObject({ id: 5, ...sent });
      const wrong = await write('PUT', '/computers/5', { ...sent, access_group: 'nowhere' });
      expect([wrong.status, wrong.body.detail.field]).toEqual([400, 'access_group']);
    });

    test('are removed by number and by a query, and returned in their old state', async () => {
      expect(ids(ok(await legacy('RemoveComputers', 'computer_ids.1=6&computer_ids.2=7')))).toEqual([6, 7]);
      expect(ids(ok(await legacy('RemoveComputers', 'query=id:8')))).toEqual([8]);
      for (const id of [6, 7, 8]) expect((await get(`/computers/${id}`)).status).toBe(404);
    });

    test('that are pending are rejected', async () => {
      const { data } = await app.graphql(
        'mutation { enrolComputer(input: { hostname: "new-2" }) { computer { databaseId } } }',
      );
      const { databaseId: id } = data.enrolComputer.computer;
      const pending = ok(await legacy('GetPendingComputers'));
      expect(ok(await legacy('RejectPendingComputers', `computer_ids.1=${id}`))).toEqual(pending);
      expect(ok(await legacy('GetPendingComputers'))).toEqual([]);
    });

    test.each([
      ['AddTagsToComputers', 'query=id:9', 400, 'tags'],
      ['AddTagsToComputers', 'tags.1=a', 400, 'query'],
      ['AddTagsToComputers', 'query=id:9&tags.1=-', 400, 'tags.0'],
      ['ChangeComputersAccessGroup', 'query=id:9&access_group=nowhere', 400, 'access_group'],
      ['RemoveComputers', '', 400, 'computer_ids'],
      ['RemoveComputers', 'query=id:9&computer_ids.1=9', 400, 'computer_ids'],
      ['RemoveComputers', 'computer_ids.1=4242', 404, 'computer_ids'],
      ['RejectPendingComputers', 'computer_ids.1=9', 400, 'computer_ids'],
    ])('are not changed by %s?%s: %d, for %s', async (action, parameters, status, field) => {
      const answer = await legacy(action, parameters);
      expect([answer.status, answer.body.detail.field]).toEqual([status, field]);
    });
  });

  describe('the attachments of a script', () => {
    const attached = async () => ok(await get('/scripts/35')).attachments;

    test('are added by a form and by GET, and removed by name', async () => {
      const large = Buffer.alloc(700_000, 0xff).toString('base64');
      expect(ok(await form('CreateScriptAttachment', { script_id: '35', file: `a$$b$$${large}` }))).toBe(
        'a$$b',
      );
      const file = encodeURIComponent(`c.txt$$${base64('c')}`);
      expect(ok(await legacy('CreateScriptAttachment', `script_id=35&file=${file}`))).toBe('c.txt');
      expect(await attached()).toEqual(
        ['a$$b', 'c.txt'].map((filename) => ({ filename, id: expect.any(Number) })),
      );
      const [{ id }] = await attached();
      expect((await get(`/scripts/35/attachments/${id}`)).text).toHaveLength(700_000);
      expect(ok(await legacy('RemoveScriptAttachment', 'script_id=35&filename=a%24%24b'))).toBeNull();
      expect(await attached()).toMatchObject([{ filename: 'c.txt' }]);
    });

    test.each([
      ['CreateScriptAttachment', 'script_id=35&file=c.txt', 400, 'file'],
      ['CreateScriptAttachment', 'script_id=35&file=c.txt$$!', 400, 'file'],
      ['CreateScriptAttachment', 'script_id=35&file=a/b$$', 400, 'file'],
      ['CreateScriptAttachment', 'script_id=4242&file=a$$', 404, 'script_id'],
      ['RemoveScriptAttachment', 'script_id=35', 400, 'filename'],
      ['RemoveScriptAttachment', 'script_id=35&filename=z', 404, 'filename'],
      ['RemoveScriptAttachment', 'script_id=x&filename=z', 404, 'script_id'],
    ])('are refused by %s?%s with %d, for %s', async (action, parameters, status, field) => {
      const answer = await legacy(action, parameters);
      expect([answer.status, answer.body.detail.field]).toEqual([status, field]);
    });
  });
}
