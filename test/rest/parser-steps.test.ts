// The decorators of the imported modules need this.
import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { tagList } from '../../src/domain/computers/tag.ts';
import { idempotencyKeyOf } from '../../src/domain/idempotency-key.ts';
import { parseCron } from '../../src/domain/schedule/cron.ts';
import { splitScript } from '../../src/domain/scripts/script.ts';
import { fromBase64 } from '../../src/domain/scripts/script-attachment.ts';
import { activityQuery, computerQuery } from '../../src/domain/search/search-terms.ts';
import { parseInstant } from '../../src/domain/time.ts';
import { checkRange } from '../../src/domain/time-range.ts';
import { listingOf } from '../../src/graphql/common/connection.ts';
import { databaseIdOf } from '../../src/graphql/common/global-id.ts';
import type { GraphContext } from '../../src/graphql/context.ts';
import { graphParameters } from '../../src/http/graph-parameters.ts';
import { LegacyParameters } from '../../src/rest/actions/action-parameters.ts';
import { jsonFault } from '../../src/rest/json-fault.ts';
import { links } from '../../src/rest/paging.ts';
import { matcher, pathBelowPrefix } from '../../src/rest/path.ts';
import { parseJsonObject, Query } from '../../src/rest/request.ts';
import { cookieToken } from '../../src/services/session-cookie.ts';
import { countSteps } from '../support/steps.ts';

type Parser = (text: string) => unknown;

const cursor: Parser = (after) =>
  listingOf('Computer', { after, orderBy: { field: 'TITLE', direction: 'ASC' } }, {
    largestPage: 1000,
  } as GraphContext);
const legacyForm: Parser = (form) => {
  const parameters = new LegacyParameters('action=AcceptPendingComputers', form);
  return [
    parameters.get('code'),
    parameters.text('code'),
    parameters.number('time_limit'),
    parameters.list('names'),
  ];
};
const restQuery: Parser = (text) => {
  const query = new Query(`/api/v2/scripts?${text}`);
  return [query.list('names'), query.without('offset'), links(query, { limit: 1, offset: 1 }, 3, 1)];
};
const path: Parser = (text) => matcher('/scripts/{id}:archive')(pathBelowPrefix(new Query(text).path) ?? '');
const jsonBody: Parser = (text) => parseJsonObject(Buffer.from(text));
const base64url = (text: string) => Buffer.from(text).toString('base64url');

/** Inputs of a parser that repeat a part. */
const repeated =
  (piece: string, before = '', after = '') =>
  (length: number) =>
    before + piece.repeat(Math.floor(length / piece.length)) + after;

const parsers: readonly [name: string, parse: Parser, texts: readonly ((length: number) => string)[]][] = [
  [
    'search queries',
    activityQuery,
    [
      repeated('(', 'computer:"', '"'),
      repeated(')', 'computer:"', '"'),
      repeated('NOT ', 'computer:"', '"'),
      repeated('a OR ', 'computer:"', '"'),
      repeated('\\"', 'computer:"', '"'),
      repeated('\\\\', 'computer:"', '"'),
      repeated('id:1 ', 'computer:"', '"'),
      repeated('computer:"(((" '),
      repeated('computer:"id:1" OR '),
    ],
  ],
  [
    'search queries for computers',
    computerQuery,
    [
      '(',
      ')',
      '"',
      '""',
      '\\',
      ' ',
      'a',
      'a ',
      'a:',
      'id:1 ',
      'tag:a OR ',
      'NOT ',
      'AND ',
      '(id:1) ',
      'profile:x ',
      '\n"',
    ].map((piece) => repeated(piece)),
  ],
  [
    'cron expressions',
    parseCron,
    ['*', ' ', ',', '1,', '1-2,', '* ', '/', 'JAN-'].map((piece) => repeated(piece)),
  ],
  [
    'times',
    parseInstant,
    [repeated('1'), repeated('-'), repeated('0', '2025-01-01T00:00:00.'), repeated(' ')],
  ],
  [
    'ranges of times',
    (text) => checkRange('filter.createdAt', { from: `b${text}`, until: `a${text}` }),
    [repeated('0')],
  ],
  [
    'global ids',
    (text) => databaseIdOf('Script', text),
    ['1', 'A', '=', ':', '\0'].map((piece) => repeated(piece)),
  ],
  [
    'global ids that can be decoded',
    (text) => databaseIdOf('Script', base64url(text)),
    [repeated('a', 'v1:', ':1'), repeated('1', 'v1:Script:'), repeated(':', 'v1')],
  ],
  ['cursors', cursor, ['A', '=', '[', '"'].map((piece) => repeated(piece))],
  [
    'cursors that can be decoded',
    (text) => cursor(base64url(text)),
    [
      repeated('x', '["Computer","TITLE","', '",1]'),
      repeated('[', '["Computer","TITLE",', '1]'),
      repeated('\\"', '["Computer","TITLE","', '",1]'),
      repeated(' ', '["Computer","TITLE","a",', '1]'),
    ],
  ],
  [
    'legacy forms',
    legacyForm,
    ['&', '=', 'a', 'a=b&', 'names.1=a&', 'code=a&', '%', '%41', '+', 'code=%'].map((piece) =>
      repeated(piece),
    ),
  ],
  [
    'base64 of legacy forms',
    legacyForm,
    [repeated('A', 'code='), repeated('=', 'code='), repeated('%0A', 'code=')],
  ],
  [
    'queries of REST',
    restQuery,
    ['&', '=', ',', 'a', 'names=a&', 'offset=1&', '%', '+'].map((piece) => repeated(piece)),
  ],
  ['paths of REST', path, ['/', ':', '%', '%2F', 'a', '/a'].map((piece) => repeated(piece, '/api/v2'))],
  [
    'parameters of the graph',
    (text) => graphParameters(`/graphql?${text}`),
    ['&', '=', '%', '%41', '%FF', '?', '#', 'a=b&', 'query=a&'].map((piece) => repeated(piece)),
  ],
  [
    'positions of JSON errors',
    jsonFault,
    ['[', '{', '"', '\\', ' ', '1', '-', '[1,', '{"a":', '"a",', 'true', '\n', '[]', '[[],'].map((piece) =>
      repeated(piece),
    ),
  ],
  ['bodies of JSON', jsonBody, ['[', '{"a":', ' ', '\n', '"', '\\'].map((piece) => repeated(piece))],
  [
    'cookies',
    (text) => cookieToken({ header: (name) => (name === 'cookie' ? text : undefined), secure: false }),
    [';', '=', ' ', 'a=b; ', 'gateway_token', ' ;'].map((piece) => repeated(piece)),
  ],
  ['tags', (text) => tagList(text.split(',')), ['a', 'a,', ',', '-', 'é'].map((piece) => repeated(piece))],
  ['idempotency keys', idempotencyKeyOf, [repeated('a'), repeated('\n')]],
  ['scripts', splitScript, [repeated('\n', '#!/bin/sh'), repeated('\r', '#!/bin/sh'), repeated('#!')]],
  [
    'files',
    (text) => fromBase64(text, 'content'),
    ['A', '=', '\r', '\r\n', '-'].map((piece) => repeated(piece)),
  ],
];

/**
 * Linear growth is 16, and quadratic is 256. Limits on length, and blocks that end with a throw, lead to values in
 * between.
 */
const MOST_GROWTH = 32;

describe.each(parsers)(
  'for %s, a text that is doubled four times takes at most 32 times as many steps',
  (_name, parse, texts) => {
    test.each(texts.map((text) => [text(12), text] as const))('%j', (_example, text) => {
      // The first call compiles the code.
      const [, short, long] = countSteps(...[64, 512, 8192].map((length) => () => parse(text(length))));
      expect(long! / short!).toBeLessThan(MOST_GROWTH);
    });
  },
);

describe('the counter of steps', () => {
  test('distinguishes a quadratic search from a linear one', () => {
    const look = (text: string, times: number) => {
      for (let index = 0; index < times; index += 1) text.indexOf('b');
    };
    const ratio = (times: (length: number) => number) => {
      const [short, long] = countSteps(
        ...[1024, 2048].map((length) => () => look('a'.repeat(length), times(length))),
      );
      return long! / short!;
    };
    expect(ratio(() => 5)).toBeCloseTo(2, 1);
    expect(ratio((length) => length)).toBeCloseTo(4, 1);
  });

  test('counts the loops of the sources', () => {
    const [once, twice] = countSteps(...[1000, 2000].map((length) => () => jsonFault('['.repeat(length))));
    expect(once).toBeGreaterThan(1000);
    expect(twice! / once!).toBeCloseTo(2, 1);
  });
});
