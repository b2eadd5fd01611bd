import { expect } from '@jest/globals';
import type { TestApp } from '../support/app.ts';

/** Runs a mutation as another client of John Smith's. A refusal fails the test. Returns the payload. */
export async function mutate(app: TestApp, name: string, input: object, answer = '') {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await app.graphql(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} userErrors { message } } }`,
    { input },
  );
  expect([errors, data?.[name].userErrors]).toEqual([undefined, []]);
  return data[name];
}
