import { expect, test } from '@jest/globals';
import { checkRange } from '../../src/domain/time-range.ts';
import { at, refusalOf } from '../support/builders.ts';

const [early, late] = [at('2025-04-10T11:59:59.999999'), at('2025-04-10T12:00')];

test.each([
  ['open at both ends', {}],
  ['with ends that are null', { from: null, until: null }],
  ['open at its end', { from: late }],
  ['open at its beginning', { until: early }],
  ['that ends after it begins', { from: early, until: late }],
  ['with nothing in it', { from: late, until: late }],
])('a range %s passes', (_, range) => {
  expect(() => checkRange('filter.createdAt', range)).not.toThrow();
});

test('a range that ends a microsecond before it begins is refused, and says what it may be', () => {
  const { code, detail } = refusalOf(() => checkRange('filter.createdAt', { from: late, until: early }));
  expect({ code, ...detail }).toEqual({
    code: 'INVALID_INPUT',
    field: 'filter.createdAt.until',
    found: JSON.stringify(early),
    allowed: `no earlier than \`from\`, which is ${late}`,
  });
});
