import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Counts V8's blocks, of everything that its worker ever imported: it takes six times as long in an old worker. */
const IN_A_YOUNG_WORKER = /parser-steps/;
const PART = /from '(\.\/[^']+\.ts)'/g;

/** Runs large suites first, or one that starts last keeps one core busy while the other idles. */
export default class LargestFirst extends Sequencer {
  sort(tests) {
    const sizes = new Map(tests.map(({ path }) => [path, sizeOf(path)]));
    return [...tests].sort((a, b) => sizes.get(b.path) - sizes.get(a.path));
  }
}

/** In characters, with the parts that it is made of. */
function sizeOf(path) {
  if (IN_A_YOUNG_WORKER.test(path)) return Number.POSITIVE_INFINITY;
  const text = readFileSync(path, 'utf8');
  const parts = [...text.matchAll(PART)].map(([, part]) => join(dirname(path), part)).filter(existsSync);
  return [path, ...parts].reduce((sum, file) => sum + readFileSync(file, 'utf8').length, 0);
}
