import { type DocumentNode, Kind, parse, visit } from 'graphql';

/** A document that counts how often its selections are read. */
export function countingDocument(text: string): { document: DocumentNode; visits(): number } {
  let visits = 0;
  const document = parse(text);
  visit(document, {
    enter(node) {
      if (node.kind !== Kind.SELECTION_SET) return;
      const { selections } = node;
      Object.defineProperty(node, 'selections', {
        enumerable: true,
        get() {
          visits += 1;
          return selections;
        },
      });
    },
  });
  visits = 0;
  return { document, visits: () => visits };
}

/** Fragments that each spread the next two twice, so that their expansion doubles with each level. */
export const doubling = (levels: number, type: string, last: string): string =>
  Array.from({ length: levels }, (_, n) => {
    const next = n + 1 === levels ? last : `...A${n + 1} ...B${n + 1}`;
    return `fragment A${n} on ${type} { ${next} } fragment B${n} on ${type} { ${next} }`;
  }).join(' ');
