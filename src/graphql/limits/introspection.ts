import {
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ValidationRule,
} from 'graphql';

/** Fields of a query that describe the schema and return no account's data. */
const SCHEMA_FIELDS = ['__schema', '__type', '__typename'];

/** Whether an operation reads only the schema. */
export const asksForSchema = ({ operation, selectionSet }: OperationDefinitionNode): boolean =>
  operation === OperationTypeNode.QUERY &&
  selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && SCHEMA_FIELDS.includes(selection.name.value),
  );

/** The rule for a server that hides its schema. */
export const noIntrospection: ValidationRule = (context) => ({
  Field(node) {
    if (node.name.value === '__schema' || node.name.value === '__type')
      context.reportError(new GraphQLError('Introspection is disabled on this server.', { nodes: node }));
  },
});
