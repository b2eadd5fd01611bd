import { beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';

// A normalised cache stores each object under its type and id, so two objects with the same id would overwrite each
// other.
export function cacheIds(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'demo' });
  });

  const document = `{
    scripts { nodes { id versions { nodes { id number } } attachments { id filename } } }
    scriptProfiles { nodes { id slots { nodes { id } } } }
    viewer { id accessKeys { id key } }
    limits { id }
    preferences { id }
  }`;

  /** Collects every id in an answer. */
  function idsIn(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap(idsIn);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, of]) => (name === 'id' ? [of as string] : idsIn(of)));
  }

  async function ask(): Promise<{ scripts: { nodes: { id: string }[] } }> {
    const { data, errors } = await app.graphql(document);
    expect(errors).toBeUndefined();
    return data;
  }

  beforeAll(async () => {
    const { scripts } = await ask();
    const some = scripts.nodes.slice(0, 2);
    const changes = some.map(
      ({ id }, index) => `
        a${index}: addScriptAttachment(input: { scriptId: "${id}", filename: "a", content: "YQ==" }) { userErrors { code } }
        c${index}: updateScript(input: { id: "${id}", code: "false" }) { userErrors { code } }
        k${index}: createAccessKey(input: { title: "a" }) { userErrors { code } }`,
    );
    expect((await app.graphql(`mutation { ${changes.join(' ')} }`)).errors).toBeUndefined();
  });

  test('no two objects share an id, and each has the same id when it is requested again', async () => {
    const data = await ask();
    const ids = idsIn(data);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(20);
    expect(idsIn(await ask())).toEqual(ids);
  });

  test('a version has the same id in its script’s list and by its number', async () => {
    const { data } = await app.graphql(
      '{ scripts { nodes { versions(last: 1) { nodes { id } } version(number: 1) { id } } } }',
    );
    for (const { versions, version } of data.scripts.nodes) expect(versions.nodes).toEqual([version]);
  });

  test('an object has the same id in a mutation’s answer and in a query’s', async () => {
    const { data } = await app.graphql(`mutation {
      updateLimits(input: {}) { limits { id } }
      updatePreferences(input: {}) { preferences { id } }
    }`);
    const asked = await app.graphql('{ limits { id } preferences { id } }');
    expect(data).toEqual({
      updateLimits: { limits: asked.data.limits },
      updatePreferences: { preferences: asked.data.preferences },
    });
  });

  test('`node` does not find a part of an object, because its id is for caches only', async () => {
    const { data } = await app.graphql('{ limits { id } preferences { id } viewer { id } }');
    for (const { id } of Object.values(data) as { id: string }[]) {
      const { errors } = await app.graphql(`{ node(id: "${id}") { id } }`);
      expect(errors?.[0].extensions.code).toBe('NOT_FOUND');
    }
  });
}
