import { expect, test } from '@jest/globals';
import { diskFindings } from '../../src/services/maintenance/diagnosis.ts';

test.each([
  [250_000_000, []],
  [249_999_999, ['249 MB are free on the disk of /db; 250 MB or more are needed']],
  [0, ['0 MB are free on the disk of /db; 250 MB or more are needed']],
])('a disk with %i bytes free gives the findings %j', (freeBytes, says) => {
  expect(diskFindings('/db', freeBytes).map((finding) => finding.says)).toEqual(says);
});
