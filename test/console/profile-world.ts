import { expect } from '@jest/globals';
import { sharedServer } from './browser.ts';

// Profiles that a test has for itself. They are archived after it, because the account of the demonstration has room for ten.

export interface Created {
  readonly id: string;
  readonly databaseId: number;
}

/** Lends a profile to a test. Archives it afterwards. */
export async function withProfile(title: string, use: (created: Created) => Promise<void>): Promise<void> {
  const created = await createProfile(title);
  try {
    await use(created);
  } finally {
    await archive(created.id);
  }
}

/** Fields of the profile with a title. */
export async function profileOf(title: string, fields: string) {
  const app = await sharedServer();
  const { data } = await app.graphql(
    `query ($title: String!) { scriptProfiles(filter: { titles: [$title], status: ALL }) { nodes { id databaseId ${fields} } } }`,
    { title },
  );
  return data.scriptProfiles.nodes[0];
}

/** Counts old logs on the eight web servers, each day at 08:00. */
async function createProfile(title: string): Promise<Created> {
  const app = await sharedServer();
  const input = {
    title,
    scriptId: 38,
    tags: ['web'],
    username: 'root',
    timeLimit: 60,
    trigger: { recurring: { interval: '0 8 * * *', startAfter: '2026-01-01T00:00:00Z' } },
  };
  const { data } = await app.graphql(
    'mutation ($input: CreateScriptProfileInput!) { createScriptProfile(input: $input) { scriptProfile { id databaseId } userErrors { message } } }',
    { input },
  );
  expect(data.createScriptProfile.userErrors).toEqual([]);
  return data.createScriptProfile.scriptProfile;
}

/** A change that another person makes, such as `updateScriptProfile` with `title: "…"`. */
export async function change(mutation: string, id: string, rest = ''): Promise<void> {
  const app = await sharedServer();
  const { data } = await app.graphql(
    `mutation ($id: ID!) { ${mutation}(input: { id: $id, ${rest} }) { userErrors { message } } }`,
    { id },
  );
  expect(data[mutation].userErrors).toEqual([]);
}

export const archive = (id: string) => change('archiveScriptProfile', id);

/** Archives the profile that a test has created in the browser, if it has. */
export async function archiveTitled(title: string): Promise<void> {
  const created = await profileOf(title, 'id');
  if (created) await archive(created.id);
}
