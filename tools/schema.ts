import { readFile, writeFile } from 'node:fs/promises';
import { run } from '../src/commands/arguments.ts';
import { createSchema, printSorted } from '../src/graphql/schema.ts';

const file = new URL('../schema.graphql', import.meta.url);

run(
  {
    usage: 'npm run schema [-- --check]',
    does: 'Rewrites schema.graphql from the classes.',
    options: { '--check': 'changes nothing, and exits with 1 if the file is not up to date' },
  },
  async () => {
    const printed = printSorted(createSchema());
    if (!process.argv.includes('--check')) {
      await writeFile(file, printed);
      return 'schema.graphql is up to date.';
    }
    const committed = await readFile(file, 'utf8').catch(() => '');
    if (committed !== printed)
      throw new Error('schema.graphql differs from the classes. Run: npm run schema');
    return 'schema.graphql is up to date.';
  },
);
