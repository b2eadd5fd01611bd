/** The part of the schema that the list requests select, for peers that are written schema-first. */
export const typeDefs = /* GraphQL */ `
  scalar DateTime
  type Query {
    scriptProfiles(first: Int!): ScriptProfileConnection
  }
  type ScriptProfileConnection { nodes: [ScriptProfile!]! }
  type ScriptProfile {
    databaseId: Int!
    title: String!
    scriptId: Int!
    accessGroup: AccessGroup!
    createdBy: Person
    createdAt: DateTime!
    lastEditedAt: DateTime!
    trigger: Trigger!
    allComputers: Boolean!
    tags: [String!]!
    timeLimit: Int!
    username: String!
    numAssociatedComputers: Int!
    lastActivity: Activity
    archived: Boolean!
  }
  type AccessGroup { name: String! }
  type Person { databaseId: Int! name: String! email: String! }
  union Trigger = EventTrigger | OneTimeTrigger | RecurringTrigger
  type EventTrigger { eventType: String! }
  type OneTimeTrigger { timestamp: DateTime! isFinished: Boolean! nextRun: DateTime lastRun: DateTime }
  type RecurringTrigger { interval: String! startAfter: DateTime! nextRun: DateTime lastRun: DateTime }
  type Activity {
    databaseId: Int!
    creationTime: DateTime!
    creator: Person
    summary: String!
    completionTime: DateTime
    status: String!
    resultText: String
    resultCode: Int
  }
`;
