// type-graphql's decorators need it while their modules load: before any of them.
import 'reflect-metadata';
import {
  GraphQLInputObjectType,
  GraphQLInterfaceType,
  type GraphQLSchema,
  GraphQLUnionType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { AccessGroupResolver } from './access-group.resolver.ts';
import { ActivityResolver } from './activity.resolver.ts';
import { ComputerResolver } from './computer.resolver.ts';
import { LimitsResolver } from './limits.resolver.ts';
import { NodesResolver } from './node.resolver.ts';
import { PersonResolver } from './person.resolver.ts';
import { ScriptResolver } from './script.resolver.ts';
import { ScriptProfileResolver } from './script-profile.resolver.ts';
import { triggerTypeName } from './trigger.type.ts';

/** Inputs of which exactly one field is given. */
const oneOfInputs = ['TriggerInput', 'UpdateTriggerInput'];

export function createSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      AccessGroupResolver,
      ActivityResolver,
      ComputerResolver,
      LimitsResolver,
      NodesResolver,
      PersonResolver,
      ScriptProfileResolver,
      ScriptResolver,
    ],
    // Rules belong to the domain, so that every door gets them.
    validate: false,
  });
  // The two roots have no class of their own to be described on.
  schema.getQueryType()!.description =
    'What can be read. Everything is within the account of the caller’s token.';
  schema.getMutationType()!.description =
    'What can be changed. A refusal that a form can show is in the payload’s `userErrors`, and has changed nothing.';
  // type-graphql knows no @oneOf: it drops the directive, so the built type is told. graphql-js then
  // prints, introspects and enforces it.
  for (const name of oneOfInputs) typeOf(schema, name, GraphQLInputObjectType).isOneOf = true;
  // type-graphql resolves types asynchronously: a promise for each item, for what is there already.
  typeOf(schema, 'Trigger', GraphQLUnionType).resolveType = triggerTypeName;
  typeOf(schema, 'Node', GraphQLInterfaceType).resolveType = ({ __typename }) => __typename;
  return schema;
}

/** The schema as it is committed: sorted, so that a change shows where it is. */
export const printSorted = (schema: GraphQLSchema): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`;

function typeOf<Type>(schema: GraphQLSchema, name: string, kind: new (...config: never[]) => Type): Type {
  const type = schema.getType(name);
  if (!(type instanceof kind)) throw new Error(`The schema has no ${kind.name} ${name}.`);
  return type;
}
