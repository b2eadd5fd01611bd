import { readFile, writeFile } from 'node:fs/promises';
import { createSchema, printSorted } from '../graphql/schema.ts';

// `npm run schema` rewrites schema.graphql from the classes; with --check it says whether it is up to date.
const file = new URL('../../schema.graphql', import.meta.url);
const printed = printSorted(createSchema());

if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed !== printed) {
    console.error('schema.graphql does not say what the classes say. Run: npm run schema');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, printed);
}
