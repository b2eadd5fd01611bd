// type-graphql's decorators need this import, so it must be the first to load.
import 'reflect-metadata';
import {
  GraphQLInputObjectType,
  GraphQLInterfaceType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLUnionType,
  getNullableType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { AccessGroupResolver } from './accounts/access-group.resolver.ts';
import { FirstAccountResolver } from './accounts/first-account.resolver.ts';
import { InvitationResolver } from './accounts/invitation.resolver.ts';
import { LimitsResolver } from './accounts/limits.resolver.ts';
import { LogInResolver } from './accounts/log-in.resolver.ts';
import { PasswordResolver } from './accounts/password.resolver.ts';
import { PersonResolver } from './accounts/person.resolver.ts';
import { PreferencesResolver } from './accounts/preferences.resolver.ts';
import { RoleResolver } from './accounts/role.resolver.ts';
import { TokenResolver } from './accounts/token.resolver.ts';
import { AccessKeyResolver, ViewerResolver } from './accounts/viewer.resolver.ts';
import {
  ActivityPermissionsResolver,
  ComputerPermissionsResolver,
  RolePermissionsResolver,
  ScriptPermissionsResolver,
  ScriptProfilePermissionsResolver,
} from './accounts/viewer-permissions.resolver.ts';
import { AccountStatisticsResolver } from './activities/account-statistics.resolver.ts';
import { ActivityResolver } from './activities/activity.resolver.ts';
import { ActivitySubscriptions } from './activities/activity.subscription.ts';
import { ActivityActsResolver } from './activities/activity-acts.resolver.ts';
import { ExecutionEnvironmentResolver, ExecutionResolver } from './activities/execution.resolver.ts';
import { RunHistoryResolver, RunStatisticsResolver } from './activities/run-history.resolver.ts';
import { NodesResolver } from './common/node.resolver.ts';
import { ServerResolver } from './common/server.resolver.ts';
import { ComputerResolver } from './computers/computer.resolver.ts';
import { ComputerSubscriptions } from './computers/computer.subscription.ts';
import { ComputerAgentResolver } from './computers/computer-agent.resolver.ts';
import { ComputerEditResolver } from './computers/computer-edit.resolver.ts';
import { SavedSearchResolver } from './computers/saved-search.resolver.ts';
import { TagPreviewResolver } from './computers/tag-preview.resolver.ts';
import { EventResolver } from './events/event.resolver.ts';
import { EventSubscriptions } from './events/event.subscription.ts';
import {
  ComputerEventsResolver,
  RoleEventsResolver,
  ScriptEventsResolver,
  ScriptProfileEventsResolver,
} from './events/event-history.resolver.ts';
import {
  ComputerForecastResolver,
  ForecastResolver,
  ScriptProfileForecastResolver,
} from './schedule/forecast.resolver.ts';
import { SlotEntryResolver, SlotsResolver } from './schedule/slot.resolver.ts';
import { RecurringTriggerResolver } from './schedule/trigger.resolver.ts';
import { triggerTypeName } from './schedule/trigger.type.ts';
import { DuplicateResolver } from './script-profiles/duplicate.resolver.ts';
import { PreviewResolver } from './script-profiles/preview.resolver.ts';
import { RunResolver } from './script-profiles/run.resolver.ts';
import { ScriptProfileResolver } from './script-profiles/script-profile.resolver.ts';
import { ScriptProfileSubscriptions } from './script-profiles/script-profile.subscription.ts';
import { ScriptProfileBatchResolver } from './script-profiles/script-profile-batch.resolver.ts';
import { ScriptResolver } from './scripts/script.resolver.ts';
import { ScriptSubscriptions } from './scripts/script.subscription.ts';
import { ScriptAttachmentResolver, ScriptAttachmentsResolver } from './scripts/script-attachment.resolver.ts';
import { ScriptFamilyResolver, ScriptVersionResolver } from './scripts/script-family.resolver.ts';
import { ScriptRunResolver } from './scripts/script-run.resolver.ts';

/** Inputs that take exactly one of their fields. */
const oneOfInputs = ['ScriptProfilePreviewInput', 'TriggerInput', 'UpdateTriggerInput'];

export function createSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      AccessGroupResolver,
      AccessKeyResolver,
      AccountStatisticsResolver,
      ActivityActsResolver,
      ActivityResolver,
      ActivitySubscriptions,
      ComputerAgentResolver,
      ComputerEditResolver,
      ComputerForecastResolver,
      ComputerResolver,
      ComputerSubscriptions,
      DuplicateResolver,
      EventResolver,
      EventSubscriptions,
      ComputerEventsResolver,
      RoleEventsResolver,
      ScriptEventsResolver,
      ScriptProfileEventsResolver,
      ExecutionEnvironmentResolver,
      ExecutionResolver,
      FirstAccountResolver,
      ForecastResolver,
      InvitationResolver,
      LimitsResolver,
      LogInResolver,
      NodesResolver,
      PasswordResolver,
      PersonResolver,
      PreferencesResolver,
      PreviewResolver,
      RecurringTriggerResolver,
      RoleResolver,
      RunHistoryResolver,
      RunResolver,
      SavedSearchResolver,
      ScriptAttachmentResolver,
      ScriptAttachmentsResolver,
      ScriptFamilyResolver,
      ScriptVersionResolver,
      RunStatisticsResolver,
      ScriptProfileBatchResolver,
      ScriptProfileForecastResolver,
      ScriptProfileResolver,
      ScriptProfileSubscriptions,
      ScriptResolver,
      ScriptSubscriptions,
      ScriptRunResolver,
      ServerResolver,
      SlotEntryResolver,
      SlotsResolver,
      TagPreviewResolver,
      ActivityPermissionsResolver,
      ComputerPermissionsResolver,
      RolePermissionsResolver,
      ScriptPermissionsResolver,
      ScriptProfilePermissionsResolver,
      TokenResolver,
      ViewerResolver,
    ],
    // The domain checks the rules, so that they apply to both APIs.
    validate: false,
    // The check would introspect the schema at each start. test/schema.test.ts proves that it is valid.
    skipCheck: true,
    // type-graphql requires an object here if there is any subscription. It is unused, because each has its own
    // `subscribe`.
    pubSub: { publish: unused, subscribe: unused },
  });
  // The root types have no class that could carry a description.
  schema.getQueryType()!.description = 'Queries, which return only data of the caller’s account.';
  schema.getMutationType()!.description =
    'Mutations. A refusal that the user can correct is returned in the `userErrors` of the payload, and changes nothing.';
  // Every mutation is nullable. If one is refused as a whole, the results of earlier ones in the request remain.
  for (const field of Object.values(schema.getMutationType()!.getFields()))
    field.type = getNullableType(field.type) as GraphQLOutputType;
  schema.getSubscriptionType()!.description =
    'Subscriptions, over WebSocket (graphql-transport-ws) at `/graphql` or as server-sent events at `/graphql/stream`. A subscriber that is too slow, or whose token expires, is disconnected and must reconnect.';
  // type-graphql drops the directive @oneOf. So this sets the flag on the built type, and graphql-js prints,
  // introspects and enforces it.
  for (const name of oneOfInputs) typeOf(schema, name, GraphQLInputObjectType).isOneOf = true;
  // type-graphql resolves a type with a promise for each item, although the type is already known.
  typeOf(schema, 'Trigger', GraphQLUnionType).resolveType = triggerTypeName;
  const node = typeOf(schema, 'Node', GraphQLInterfaceType);
  node.resolveType = ({ __typename }) => __typename;
  // Calling a resolver method takes ten times as long as reading the property, and every row has this field.
  for (const type of schema.getPossibleTypes(node)) type.getFields().databaseId!.resolve = ({ id }) => id;
  return schema;
}

const unused = () => {
  throw new Error('Subscriptions do not use type-graphql’s own publisher.');
};

/** The schema as committed: sorted, so that a diff shows only the change. */
export const printSorted = (schema: GraphQLSchema): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`;

function typeOf<Type>(schema: GraphQLSchema, name: string, kind: new (...config: never[]) => Type): Type {
  const type = schema.getType(name);
  if (!(type instanceof kind)) throw new Error(`The schema has no ${kind.name} ${name}.`);
  return type;
}
