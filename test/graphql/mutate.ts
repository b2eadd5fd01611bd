import { expect } from '@jest/globals';
import type { TestApp } from '../support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
export type Payload = any;

/** Runs one mutation as Jane of acme, and returns its payload with `userErrors`. Top-level errors fail the test. */
export async function mutate(
  app: TestApp,
  name: string,
  input: object,
  selection = '',
  token = app.token('jane@example.com', 'acme'),
): Promise<Payload> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) {
    done: ${name}(input: $input) { ${selection} userErrors { code field message found allowed } }
  }`;
  const { data, errors } = await app.graphql(document, { input }, token);
  expect(errors).toBeUndefined();
  return data.done;
}

/** The first refusal in the form `CODE field`. */
export async function refusal(app: TestApp, name: string, input: object): Promise<string> {
  const { userErrors } = await mutate(app, name, input);
  expect(userErrors[0].message).toEqual(expect.stringMatching(/^([A-Z]|\S+ must be ).*\.$/s));
  return `${userErrors[0].code} ${userErrors[0].field}`;
}

/** Runs a document as Jane of acme. */
export async function ask(app: TestApp, document: string, variables = {}): Promise<Payload> {
  const answer = await app.graphql(document, variables, app.token('jane@example.com', 'acme'));
  expect(answer.errors).toBeUndefined();
  return answer.data;
}
