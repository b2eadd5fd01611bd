import { expect } from '@jest/globals';
import { AccessWorld, type Things } from '../graphql/access-world.ts';
import type { TestApp } from './app.ts';
import { aRun, insert } from './rows.ts';

/** An account with all objects that the operations need. */
export interface Furnished {
  readonly world: AccessWorld;
  readonly things: Things;
  /** Ids by the names in the tables of operations and routes. */
  readonly names: Readonly<Record<string, string | number>>;
  /** Token of a person without roles who has the same password as the administrator, and may change it. */
  readonly changing: string;
  /** The token of a person without roles, whose tokens may all be revoked. */
  readonly visitor: string;
}

const PASSWORD = 'a password';
const session = 'session { token viewer { person { id } } }';

export async function furnish(app: TestApp, name: string): Promise<Furnished> {
  const world = await AccessWorld.in(app, name);
  const things = await world.fill(await world.group('web'));
  const group = await world.group('more');
  const { pending: rejected, ...more } = await world.fill(group);
  const failed = 900_000;
  const failure = [{ computerId: more.computer, status: 'failed' }];
  await insert(world.prisma, 'activity', world.account, aRun(failed, more.profile, failure, 'failed'));
  const { viewer, roles } = await graph(app, world.admin, '{ viewer { person { id email } } roles { id } }');
  const spare = await graph(
    app,
    world.admin,
    'mutation { createRole(input: { name: "spare", permissions: [], accessGroups: [] }) { role { id } } }',
  );
  const attached = await graph(
    app,
    world.admin,
    `mutation { addScriptAttachment(input: { scriptId: "${things.script}", filename: "a", content: "YQ==" }) { script { attachments { databaseId } } } }`,
  );
  const colleague = await done(
    app,
    world.admin,
    'createPerson',
    'name: "Colleague", email: "colleague@example.com", roleIds: []',
    'person { id databaseId }',
  );
  const invited = await done(
    app,
    world.admin,
    'createPerson',
    'name: "Invited", email: "invited@example.com"',
    'person { id databaseId }',
  );
  const changing = await world.person();
  await app.setPassword(PASSWORD, 'person1@example.com', name);
  await app.setPassword(PASSWORD, viewer.person.email, name);
  const key = await done(app, world.admin, 'createAccessKey', 'title: "k"', 'secretKey accessKey { key }');
  const names = {
    ...things,
    rejected,
    failed,
    group: group.id,
    account: name,
    email: viewer.person.email,
    password: PASSWORD,
    key: key.accessKey.key,
    secret: key.secretKey,
    person: viewer.person.id,
    colleague: colleague.person.id,
    member: colleague.person.databaseId,
    invited: invited.person.id,
    invitation: invited.person.databaseId,
    role: roles[0].id,
    spare: spare.createRole.role.id,
    attachment: attached.addScriptAttachment.script.attachments[0].databaseId,
  };
  return { world, things, names, changing, visitor: await world.person() };
}

/** Sends a document with or without a token, and returns the data. Any error fails the test. */
export async function graph(app: TestApp, token: string | undefined, query: string, scheme = 'Bearer') {
  const headers = {
    'content-type': 'application/json',
    ...(token && { authorization: `${scheme} ${token}` }),
  };
  const body = JSON.stringify({ query });
  const answer = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body });
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the query
  const { data, errors } = (await answer.json()) as { data: Record<string, any>; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

async function done(app: TestApp, token: string | undefined, name: string, input: string, answer = '') {
  const document = `mutation { done: ${name}(input: { ${input} }) { ${answer} userErrors { message } } }`;
  const { done: made } = await graph(app, token, document);
  expect(made.userErrors).toEqual([]);
  return made;
}

/** The mutations that a computer sends. `updatePreferences` in the table sets its registration key. */
export const ofComputers = ['takeExecutions', 'reportExecution'];

/** Enrols a computer with the registration key, takes its executions and reports one. */
export async function workAsComputer(app: TestApp, { world }: Furnished): Promise<void> {
  const basic = Buffer.from(`${world.account.name}:open sesame`).toString('base64');
  const enrolled = await graph(
    app,
    basic,
    'mutation { enrolComputer(input: { hostname: "web-9", tags: ["nine"] }) { token userErrors { code } } }',
    'Basic',
  );
  const { token } = enrolled.enrolComputer;
  const made = await done(
    app,
    world.admin,
    'createScript',
    'title: "nine", code: "true", interpreter: "/bin/sh"',
    'script { id }',
  );
  const recurring = 'recurring: { interval: "0 8 * * *", startAfter: "2025-01-01T00:00:00Z" }';
  const profile = `title: "nine", scriptId: "${made.script.id}", username: "root", timeLimit: 60, tags: ["nine"]`;
  const { scriptProfile } = await done(
    app,
    world.admin,
    'createScriptProfile',
    `${profile}, trigger: { ${recurring} }`,
    'scriptProfile { id }',
  );
  await done(app, world.admin, 'runScriptProfile', `id: "${scriptProfile.id}", idempotencyKey: "nine"`);
  const { executions } = await done(app, token, 'takeExecutions', '', 'executions { id }');
  const reported = await done(
    app,
    token,
    'reportExecution',
    `id: "${executions[0].id}", succeeded: true`,
    'reportedId',
  );
  expect(reported.reportedId).not.toBeNull();
}

/** The mutations about tokens. */
export const aboutTokens = [
  'login',
  'setPassword',
  'changePassword',
  'loginWithAccessKey',
  'switchAccount',
  'createAccessKey',
  'revokeAccessKey',
  'logout',
  'invalidatePersonTokens',
  'invalidateAccountTokens',
];

/**
 * Sets and changes a person's password. Logs another in by password and by key, switches accounts and logs out. Revokes
 * tokens and keys.
 */
export async function logInAndOut(app: TestApp, { world, names }: Furnished): Promise<void> {
  const { viewer } = await graph(app, await world.person(), '{ viewer { person { id } } }');
  const { passwordLink } = await done(
    app,
    world.admin,
    'createPerson',
    'name: "Newcomer", email: "newcomer@example.com"',
    'passwordLink { token }',
  );
  const set = `token: "${passwordLink.token}", password: "${names.password}"`;
  const newcomer = (await done(app, undefined, 'setPassword', set, session)).session.token;
  const passwords = `currentPassword: "${names.password}", newPassword: "another one"`;
  await done(app, newcomer, 'changePassword', passwords, session);
  const credentials = `email: "${names.email}", password: "${names.password}", account: "${names.account}"`;
  const { token } = (await done(app, undefined, 'login', credentials, session)).session;
  const key = await done(app, token, 'createAccessKey', 'title: "another"', 'secretKey accessKey { key }');
  const pair = `accessKey: "${key.accessKey.key}", secretKey: "${key.secretKey}"`;
  await done(app, undefined, 'loginWithAccessKey', pair, session);
  await done(app, token, 'switchAccount', `accountName: "${names.account}"`, session);
  await done(app, token, 'revokeAccessKey', `key: "${key.accessKey.key}"`);
  await done(app, token, 'logout', 'everywhere: false');
  await done(app, world.admin, 'invalidatePersonTokens', `id: "${viewer.person.id}"`);
  await done(app, world.admin, 'invalidateAccountTokens', `accountName: "${names.account}"`);
}
