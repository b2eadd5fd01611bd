// type-graphql's decorators need it while their modules load: before any of them.
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
import { PersonResolver } from './accounts/people.resolver.ts';
import { AccessKeyResolver, ViewerResolver } from './accounts/person.resolver.ts';
import { PreferencesResolver } from './accounts/preferences.resolver.ts';
import { RoleResolver } from './accounts/role.resolver.ts';
import { TokenResolver } from './accounts/token.resolver.ts';
import {
  ActivityPermissionsResolver,
  ComputerPermissionsResolver,
  RolePermissionsResolver,
  ScriptPermissionsResolver,
  ScriptProfilePermissionsResolver,
} from './accounts/viewer.resolver.ts';
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

/** Inputs of which exactly one field is given. */
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
    // Rules belong to the domain, so that every door gets them.
    validate: false,
    // It would introspect itself at each start; that it is valid is held by test/schema.test.ts.
    skipCheck: true,
    // Asked for as soon as there is a subscription, and not used: each has a `subscribe` of its own.
    pubSub: { publish: unused, subscribe: unused },
  });
  // The roots have no class of their own to be described on.
  schema.getQueryType()!.description = 'Queries, which return only data of the caller’s account.';
  schema.getMutationType()!.description =
    'Mutations. A refusal that the user can correct is returned in the `userErrors` of the payload, and changes nothing.';
  // One that is refused as a whole must not take along what those before it in the same request have done.
  for (const field of Object.values(schema.getMutationType()!.getFields()))
    field.type = getNullableType(field.type) as GraphQLOutputType;
  schema.getSubscriptionType()!.description =
    'Subscriptions, over WebSocket (graphql-transport-ws) at `/graphql` or as server-sent events at `/graphql/stream`. A subscriber that is too slow, or whose token expires, is disconnected and must reconnect.';
  // type-graphql knows no @oneOf: it drops the directive, so the built type is told. graphql-js then
  // prints, introspects and enforces it.
  for (const name of oneOfInputs) typeOf(schema, name, GraphQLInputObjectType).isOneOf = true;
  // type-graphql resolves types asynchronously: a promise for each item, for what is there already.
  typeOf(schema, 'Trigger', GraphQLUnionType).resolveType = triggerTypeName;
  const node = typeOf(schema, 'Node', GraphQLInterfaceType);
  node.resolveType = ({ __typename }) => __typename;
  // And a call of a method takes it ten times as long as to look: this one is in every row, and in what it names.
  for (const type of schema.getPossibleTypes(node)) type.getFields().databaseId!.resolve = ({ id }) => id;
  return schema;
}

const unused = () => {
  throw new Error('Subscriptions do not use type-graphql’s own publisher.');
};

/** The schema as it is committed: sorted, so that a change shows where it is. */
export const printSorted = (schema: GraphQLSchema): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`;

function typeOf<Type>(schema: GraphQLSchema, name: string, kind: new (...config: never[]) => Type): Type {
  const type = schema.getType(name);
  if (!(type instanceof kind)) throw new Error(`The schema has no ${kind.name} ${name}.`);
  return type;
}
