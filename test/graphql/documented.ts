import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, validate } from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import { send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import {
  type Block,
  pretty,
  readRequest,
  rewrite,
  sectionsOf,
  tableOf,
  updates,
  writeAnswer,
} from '../support/documented.ts';
import type { Payload } from './mutate.ts';

// Runs the pages of docs/ from top to bottom, with the data and at the time of the API page's examples. Each answer
// equals the printed one.
export function documented(): void {
  let app: TestApp;

  const blockOf = (blocks: readonly Block[], kind: string) =>
    blocks.find((block) => block.kind === kind)?.text;

  async function answerTo(blocks: readonly Block[]): Promise<string> {
    const variables = JSON.parse(blockOf(blocks, 'json variables') ?? '{}');
    const { status: _, ...answer } = await app.graphql(blockOf(blocks, 'graphql')!, variables);
    return pretty(answer);
  }

  async function restAnswer({ text }: Block): Promise<string> {
    const { method, path, body } = readRequest(text);
    return writeAnswer(await send(app, method, path, { body, headers: { 'x-request-id': REQUEST_ID } }));
  }

  /** The request id that the page sends, because an error contains it. */
  const REQUEST_ID = 'your-own-id';

  describe('docs/operations.md', () => {
    beforeAll(async () => {
      app = await startApp();
    });
    afterAll(() => app?.close());

    const sections = sectionsOf('operations.md');

    test('has eleven operations', () => {
      expect(sections).toHaveLength(11);
    });

    test.each(sections)('$title', async ({ title, blocks }) => {
      const answer = await answerTo(blocks);
      if (updates) rewrite('operations.md', title, ({ kind }) => kind === 'json', [answer]);
      else expect(answer).toBe(blockOf(blocks, 'json'));
    });
  });

  describe('docs/legacy.md', () => {
    beforeAll(async () => {
      // The server takes the request id from a trusted proxy.
      app = await startApp({ environment: { TRUSTED_PROXIES: '127.0.0.1' } });
    });
    afterAll(() => app?.close());

    const schema = createSchema();
    const sections = sectionsOf('legacy.md');
    /** Calls whose answers differ each time. */
    const tabulated = tableOf('legacy.md');

    test('lists every call of the legacy API', async () => {
      const { body } = await app.rest('GET', '/openapi.json');
      const { '/': older, ...paths } = body.paths as Record<string, Record<string, Payload>>;
      const calls = Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map(
          (method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{id}')}`,
        ),
      );
      const [{ schema }] = older!.get!.parameters;
      calls.push(...schema.enum.map((action: string) => `GET /?action=${action}`));
      const patterns = sections.flatMap(({ blocks }) => {
        if (blocks[0]!.kind !== 'http') return [];
        const { method, path } = readRequest(blocks[0]!.text);
        const asked = path.replace(/^\/api\/(v2\/)?/, '/').replaceAll(/(?<=\/)\d+/g, '{id}');
        return `${method} ${asked.includes('?action=') ? asked.replace(/&.*/, '') : asked.replace(/\?.*/, '')}`;
      });
      patterns.push(...tabulated.map(({ call }) => call));
      const aliases = (call: string) => call.replace(/^POST (.*(activities|limits))$/, 'GET $1');
      expect(calls.filter((call) => !patterns.includes(aliases(call)))).toEqual([]);
    });

    test.each(tabulated)('$call: the operation fits the schema', ({ operation }) => {
      expect(validate(schema, parse(operation))).toEqual([]);
    });

    test.each(sections)('$title', async ({ title, blocks }) => {
      const [request, answer] = blocks.filter(({ kind }) => kind === 'http');
      // An operation that the legacy API lacks has its section where later calls need it.
      const byRest = request ? [await restAnswer(request)] : [];
      const answers = [...byRest, await answerTo(blocks)];
      const isAnswer = ({ kind }: Block, index: number) =>
        kind === 'json' || (kind === 'http' && index === 1);
      if (updates) rewrite('legacy.md', title, isAnswer, answers);
      else expect(answers).toEqual([...(answer ? [answer.text] : []), blockOf(blocks, 'json')]);
    });
  });
}
