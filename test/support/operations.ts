import { readdirSync, readFileSync } from 'node:fs';
import { type DocumentNode, Kind, parse, separateOperations } from 'graphql';

const folder = new URL('../operations/', import.meta.url);

/** All operations of a dashboard, which share their fragments. */
const whole: DocumentNode = parse(
  readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n'),
);

/** Each operation by name, with the fragments that it needs. */
export const operations: Readonly<Record<string, DocumentNode>> = separateOperations(whole);

export function operation(name: string): DocumentNode {
  const document = operations[name];
  if (!document) throw new Error(`There is no operation ${name} in test/operations.`);
  return document;
}

/** All fragments, because one that no operation uses would not be tested. */
export const fragments = whole.definitions.flatMap((definition) =>
  definition.kind === Kind.FRAGMENT_DEFINITION ? [definition.name.value] : [],
);
