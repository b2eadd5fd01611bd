import { expect, test } from '@jest/globals';
import { checkRange } from '../../src/domain/time-range.ts';
import { at, refusalOf } from '../support/builders.ts';

const [early, late] = [at('2025-04-10T11:59:59.999999'), at('2025-04-10T12:00')];

test.each([
  ['open at both ends', {}],
  ['with null at both ends', { from: null, until: null }],
  ['open at its end', { from: late }],
  ['open at its start', { until: early }],
  ['that ends after its start', { from: early, until: late }],
  ['that is empty', { from: late, until: late }],
])('a range %s is accepted', (_, range) => {
  expect(() => checkRange('filter.createdAt', range)).not.toThrow();
});

test('a range that ends a microsecond before its start is refused with the allowed values', () => {
  const { code, detail } = refusalOf(() => checkRange('filter.createdAt', { from: late, until: early }));
  expect({ code, ...detail }).toEqual({
    code: 'INVALID_INPUT',
    field: 'filter.createdAt.until',
    found: JSON.stringify(early),
    allowed: `no earlier than \`from\`, which is ${late}`,
  });
});
