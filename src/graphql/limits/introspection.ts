import {
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ValidationRule,
} from 'graphql';

/** Fields of a query that speak of the schema, and of nobody's data. */
const SCHEMA_FIELDS = ['__schema', '__type', '__typename'];

/** Whether an operation asks for nothing but the schema. */
export const asksForSchema = ({ operation, selectionSet }: OperationDefinitionNode): boolean =>
  operation === OperationTypeNode.QUERY &&
  selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && SCHEMA_FIELDS.includes(selection.name.value),
  );

/** For a schema that is shown to nobody. */
export const noIntrospection: ValidationRule = (context) => ({
  Field(node) {
    if (node.name.value === '__schema' || node.name.value === '__type')
      context.reportError(new GraphQLError('Introspection is disabled on this server.', { nodes: node }));
  },
});
