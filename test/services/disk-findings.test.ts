import { expect, test } from '@jest/globals';
import { diskFindings } from '../../src/services/maintenance/diagnosis.ts';

test.each([
  [250_000_000, []],
  [249_999_999, ['the disk of /db has 249 MB of free space; at least 250 MB are required']],
  [0, ['the disk of /db has 0 MB of free space; at least 250 MB are required']],
])('a disk with %i free bytes leads to the findings %j', (freeBytes, says) => {
  expect(diskFindings('/db', freeBytes).map((finding) => finding.says)).toEqual(says);
});
