import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { Refusal } from '../../domain/errors.ts';

/** Limits on the size of a caller's document, whatever it selects. `GRAPH_MAX_…` in config.ts sets the values. */
export interface DocumentLimits {
  readonly maxTokens: number;
  /** Levels of nested fields, including the innermost. */
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxRootFields: number;
  readonly maxDirectives: number;
  /** Maximum number of fragment definitions, and of fragment spreads. The engine compares every pair of them. */
  readonly maxFragments: number;
  /** Fields or fragments that occur a second time in the same braces. */
  readonly maxDuplicates: number;
}

/** @param what the end of the sentence "The document must have at most 30 …" */
export const tooComplex = (what: string, found: number | string, allowed: number): Refusal =>
  new Refusal('QUERY_TOO_COMPLEX', `The document must have at most ${allowed} ${what}; found ${found}.`, {
    field: what,
    found: String(found),
    allowed: `at most ${allowed}`,
  });

/**
 * Checks a document in time proportional to its size, even if fragments spread fragments. @throws Refusal
 * QUERY_TOO_COMPLEX
 */
export function checkDocument(document: DocumentNode, limits: DocumentLimits): void {
  const { aliases, directives, duplicates, fragments, spreads } = countNodes(document);
  checkLimit('aliases', aliases, limits.maxAliases);
  checkLimit('fragments', fragments, limits.maxFragments);
  checkLimit('fragment spreads', spreads, limits.maxFragments);
  checkLimit('directives', directives, limits.maxDirectives);
  checkLimit('duplicate fields or fragments in a selection set', duplicates, limits.maxDuplicates);

  const measure = measurer(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, fields } = measure(definition.selectionSet);
    checkLimit('levels', depth, limits.maxDepth);
    checkLimit('root fields', fields, limits.maxRootFields);
  }
}

function checkLimit(what: string, found: number, allowed: number): void {
  if (found > allowed) throw tooComplex(what, found, allowed);
}

function countNodes(document: DocumentNode) {
  const counts = { aliases: 0, directives: 0, duplicates: 0, fragments: 0, spreads: 0 };
  visit(document, {
    enter(node) {
      // Arguments contain none of the counted nodes and may be long.
      if (node.kind === Kind.ARGUMENT) return false;
      if (node.kind === Kind.FIELD && node.alias) counts.aliases += 1;
      if (node.kind === Kind.DIRECTIVE) counts.directives += 1;
      if (node.kind === Kind.FRAGMENT_DEFINITION) counts.fragments += 1;
      if (node.kind === Kind.FRAGMENT_SPREAD) counts.spreads += 1;
      if (node.kind === Kind.SELECTION_SET) counts.duplicates += duplicatesIn(node);
      return undefined;
    },
  });
  return counts;
}

function duplicatesIn({ selections }: SelectionSetNode): number {
  const names = selections.map((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return `... on ${selection.typeCondition?.name.value}`;
    return selection.kind === Kind.FIELD
      ? (selection.alias ?? selection.name).value
      : `...${selection.name.value}`;
  });
  return names.length - new Set(names).size;
}

interface Measure {
  readonly depth: number;
  /** Number of fields on the outermost level. */
  readonly fields: number;
}

/**
 * Measures a selection. Each fragment is measured once, however often it is spread. The engine rejects a fragment
 * within itself.
 */
function measurer(document: DocumentNode): (selectionSet: SelectionSetNode) => Measure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const nothing: Measure = { depth: 0, fields: 0 };
  const measured = new Map<string, Measure>();

  const ofField = ({ selectionSet }: FieldNode): Measure => ({
    depth: 1 + (selectionSet ? measure(selectionSet).depth : 0),
    fields: 1,
  });

  function ofFragment(name: string): Measure {
    const fragment = fragments.get(name);
    if (!fragment) return nothing;
    if (!measured.has(name)) {
      measured.set(name, nothing);
      measured.set(name, measure(fragment.selectionSet));
    }
    return measured.get(name)!;
  }

  const measure = ({ selections }: SelectionSetNode): Measure =>
    selections
      .map((selection) => {
        if (selection.kind === Kind.FIELD) return ofField(selection);
        if (selection.kind === Kind.INLINE_FRAGMENT) return measure(selection.selectionSet);
        return ofFragment(selection.name.value);
      })
      .reduce(
        (sum, { depth, fields }) => ({ depth: Math.max(sum.depth, depth), fields: sum.fields + fields }),
        nothing,
      );

  return measure;
}
