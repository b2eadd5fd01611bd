import { describe, test } from '@jest/globals';
import { AccessMatrix, everywhere, operations } from '../graphql/access-matrix.ts';

// Every operation with each of its two permissions in every place. test/graphql/access-matrix.test.ts tests a sample.

const matrix = new AccessMatrix();

describe.each(operations)('a caller who $does', (operation) => {
  test.each(everywhere)(
    `and holds ${operation.sees} in %s may do so exactly where they also hold ${operation.takes}`,
    async (seen) => {
      for (const taken of everywhere) await matrix.expectRule(operation, seen, taken);
    },
  );
});
