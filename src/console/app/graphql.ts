import { gql } from '@apollo/client';
import { createFragmentRegistry } from '@apollo/client/cache';
import type { read as Read } from '../generated/fragment-masking.ts';
import type { graphql as Graphql } from '../generated/gql.ts';

/** The fragments of all components that were loaded. The cache adds those that a document spreads. */
export const fragments = createFragmentRegistry();

/**
 * A document, beside the component that uses it. codegen generates its type from the schema. The generated documents
 * themselves are not loaded, because they are one file with the documents of every page.
 */
export const graphql = ((source: string) => {
  const document = gql(source);
  fragments.register(document);
  return document;
}) as typeof Graphql;

/** Reads the fields of a component's fragment from what its parent passes on. */
export const read = ((_fragment: unknown, data: unknown) => data) as typeof Read;
