/**
 * `npm run bench`: measures performance as ratios within one run, compared with alternatives. Uses databases of its own
 * on the server of TEST_DATABASE_URL, and drops them. Takes about ten minutes on two cores.
 *
 * npm run bench -- [--only <part of a section's name>] [--json <file>]
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { endProcesses } from '../reliability/process.ts';
import { dropDatabases } from './bench-world.ts';
import { endLoad } from './measure.ts';
import { machine, print, type Row } from './report.ts';
import { sections } from './sections.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) {
  console.log("Usage: npm run bench -- [--only <part of a section's name>] [--json <file>]");
  process.exit(0);
}
const begun = performance.now();
const done: Record<string, readonly Row[]> = {};

const progress = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
};

console.log(machine());
try {
  for (const [title, measure] of Object.entries(sections)) {
    if (values.only && !title.toLowerCase().includes(values.only.toLowerCase())) continue;
    done[title] = await measure((text) => progress(`${title}: ${text}`));
    progress('');
    print(title, done[title]);
  }
} finally {
  endLoad();
  await endProcesses();
  await dropDatabases();
}
console.log(`\n${((performance.now() - begun) / 60_000).toFixed(1)} minutes`);
if (values.json)
  await writeFile(values.json, JSON.stringify({ machine: machine(), sections: done }, null, 2));
