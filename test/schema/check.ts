import { readFile } from 'node:fs/promises';
import { breakingChanges } from './breaking-changes.ts';

// Part of `npm run check`. For a release, copy schema.graphql to released.graphql, and empty the accepted changes.
const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

const found = await breakingChanges(
  await read('released.graphql'),
  await read('../../schema.graphql'),
  JSON.parse(await read('accepted-changes.json')),
);
if (found.length > 0) {
  console.error(
    [
      'schema.graphql would break clients of the last release. Change it back, or list these in',
      'test/schema/accepted-changes.json, each with the reason:',
      ...found,
    ].join('\n  '),
  );
  process.exitCode = 1;
}
