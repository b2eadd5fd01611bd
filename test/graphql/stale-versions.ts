import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { sharedApp } from '../support/shared-app.ts';
import { AccessWorld } from './access-world.ts';
import type { Payload } from './mutate.ts';

// The optimistic lock of scripts, roles and limits. Script profiles are in expected-version.ts.
export function staleVersions(): void {
  let app: TestApp;
  let world: AccessWorld;
  let script: number;

  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: NOW });
    world = await AccessWorld.in(app);
    const web = await world.group('web');
    ({ script } = await world.fill(web));
    await world.person({ permissions: [], groups: [web] });
  });

  async function ask(document: string): Promise<Payload> {
    const { data, errors } = await app.graphql(document, {}, world.admin);
    expect(errors).toBeUndefined();
    return data;
  }

  describe.each([
    ['script', 'updateScript', 'title: "Another"', 'title: "Yet another"', 'version: revision title'],
    ['role', 'updateRole', 'description: "Another"', 'description: "Yet another"', 'version description'],
    ['limits', 'updateLimits', 'minInterval: 7', 'minInterval: 8', 'version minInterval'],
  ] as const)('%s', (thing, mutation, one, other, shown) => {
    async function target(): Promise<string> {
      if (thing === 'script') return `id: ${script},`;
      if (thing === 'limits') return '';
      const { roles } = await ask('{ roles { id isGlobalAdmin } }');
      return `id: "${roles.find(({ isGlobalAdmin }: Payload) => !isGlobalAdmin).id}",`;
    }
    async function edit(change: string, expected?: number | null): Promise<Payload> {
      const version = expected === undefined ? '' : `, expectedVersion: ${expected}`;
      const selection = `${thing} { ${shown} } current { ${shown} } userErrors { code field found allowed }`;
      return (
        await ask(
          `mutation { done: ${mutation}(input: { ${await target()} ${change}${version} }) { ${selection} } }`,
        )
      ).done;
    }

    test('is changed by the caller who read the stored version, and another caller is refused and sees it', async () => {
      const before = (await edit(one)).current;
      expect(before).toBeNull();
      const { version } = (await edit(one))[thing];
      const done = await edit(other, version);
      expect(done).toMatchObject({ [thing]: { version: version + 1 }, current: null, userErrors: [] });
      const clash = await edit(one, version);
      expect(clash).toEqual({
        [thing]: null,
        current: done[thing],
        userErrors: [
          {
            code: 'VERSION_CLASH',
            field: 'expectedVersion',
            found: String(version),
            allowed: String(version + 1),
          },
        ],
      });
    });

    test('without a version, or with null, is changed by every caller, and the last one wins', async () => {
      const first = (await edit(one, null))[thing];
      const second = (await edit(other))[thing];
      expect(second.version).toBe(first.version + 1);
    });
  });

  test('archiving a script and changing its attachments also change the version', async () => {
    const version = async () => (await ask(`{ script(id: ${script}) { revision } }`)).script.revision;
    const before = await version();
    await ask(
      `mutation { addScriptAttachment(input: { scriptId: ${script}, filename: "a", content: "YQ==" }) { userErrors { code } } }`,
    );
    expect(await version()).toBe(before + 1);
    await ask(`mutation { archiveScript(input: { id: ${script} }) { userErrors { code } } }`);
    expect(await version()).toBe(before + 2);
  });
}
