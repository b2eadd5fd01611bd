import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.ts';
import { createAdmission } from '../../src/graphql/limits/admission.ts';
import { documentCache } from '../../src/graphql/limits/trusted-documents.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { uploadJudge } from '../../src/graphql/uploads.ts';

export function uploads(): void {
  const { documentLimits } = readConfig({ DATABASE_URL: 'pglite:memory', JWT_SECRET: 'x'.repeat(32) });
  const documents = documentCache({
    documents: new Map([
      ['report', 'mutation { reportExecution { userErrors { code } } }'],
      ['tags', '{ tags }'],
    ]),
    only: false,
  });
  const isUpload = uploadJudge(createAdmission(createSchema(), documentLimits, 'on'), documents);
  const persisted = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

  describe('a request may be larger than others', () => {
    test.each<[string, object]>([
      ['a report', { query: 'mutation { reportExecution { userErrors { code } } }' }],
      ['a file', { query: 'mutation { a: addScriptAttachment { userErrors { code } } __typename }' }],
      ['both', { query: 'mutation { reportExecution { id } addScriptAttachment { id } }' }],
      [
        'a report in a fragment',
        { query: 'mutation { ...A ... { ...A } } fragment A on Mutation { reportExecution { id } }' },
      ],
      [
        'a report, chosen by its name from several operations',
        { query: 'query A { tags } mutation B { reportExecution { id } }', operationName: 'B' },
      ],
      ['a report that is requested by its hash', persisted('report')],
      ['an unknown document, which does not run', persisted(createHash('sha256').digest('hex'))],
    ])('for %s', async (_what, body) => {
      expect(await isUpload(body)).toBe(true);
    });
  });

  describe('a request may not be larger than others', () => {
    test.each<[string, unknown]>([
      ['the word in a comment', { query: '{ tags } # reportExecution' }],
      ['the word as an alias', { query: 'mutation { reportExecution: archiveScriptProfile { id } }' }],
      [
        'the word in a text',
        { query: '{ computers(filter: { search: "reportExecution" }) { totalCount } }' },
      ],
      ['the word as the name of an operation', { query: 'query reportExecution { tags }' }],
      [
        'the word as a fragment',
        { query: '{ ...reportExecution } fragment reportExecution on Query { tags }' },
      ],
      [
        'the word as a variable',
        { query: 'query ($reportExecution: ID!) { node(id: $reportExecution) { id } }' },
      ],
      ['a query of that name', { query: '{ reportExecution }' }],
      ['a nested field of that name', { query: 'mutation { a { reportExecution } }' }],
      [
        'a report that is not the operation that runs',
        { query: 'query A { tags } mutation B { reportExecution { id } }', operationName: 'A' },
      ],
      ['no operation among several', { query: 'query A { tags } mutation B { reportExecution { id } }' }],
      [
        'another mutation together with a report',
        { query: 'mutation { reportExecution { id } createScript { id } }' },
      ],
      [
        'a report in a fragment that is not spread',
        { query: 'mutation { __typename } fragment A on Mutation { reportExecution { id } }' },
      ],
      ['no document', { query: 'mutation { reportExecution' }],
      ['too many tokens', { query: `mutation { reportExecution { ${'a '.repeat(5000)} } }` }],
      ['another known document that is requested by its hash', persisted('tags')],
      ['extensions without a hash', { extensions: {} }],
      ['a hash together with another document', { query: '{ tags }', ...persisted('report') }],
      ['a list', [{ query: 'mutation { reportExecution { id } }' }]],
      ['nothing', null],
    ])('for %s', async (_what, body) => {
      expect(await isUpload(body)).toBe(false);
    });
  });
}
