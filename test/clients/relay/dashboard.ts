import { graphql } from 'relay-runtime';

// The documents of a dashboard, for relay-compiler. relay.ts compiles and runs them.

graphql`
  query dashboardQuery(
    $first: Int
    $after: String
    $filter: ScriptProfileFilter
    $orderBy: ScriptProfileOrder
    $from: DateTime
  ) {
    viewer {
      accountName
    }
    upcomingRuns(from: $from) {
      runs {
        at
      }
    }
    ...dashboard_profiles
  }
`;

graphql`
  fragment dashboard_profiles on Query @refetchable(queryName: "dashboardProfilesQuery") {
    scriptProfiles(first: $first, after: $after, filter: $filter, orderBy: $orderBy)
      @connection(key: "dashboard_scriptProfiles") {
      __id
      edges {
        node {
          id
          ...dashboard_row
        }
      }
    }
  }
`;

graphql`
  fragment dashboard_row on ScriptProfile @refetchable(queryName: "dashboardRowQuery") {
    title
    trigger {
      __typename
      ... on EventTrigger {
        eventType
      }
      ... on OneTimeTrigger {
        timestamp
      }
      ... on RecurringTrigger {
        interval
      }
    }
  }
`;

graphql`
  mutation dashboardCreateMutation($input: CreateScriptProfileInput!, $connections: [ID!]!) {
    createScriptProfile(input: $input) {
      scriptProfile @prependNode(connections: $connections, edgeTypeName: "ScriptProfileEdge") {
        ...dashboard_row
      }
      userErrors {
        field
        message
      }
    }
  }
`;

graphql`
  mutation dashboardRenameMutation($id: ID!, $title: String) {
    updateScriptProfile(input: { id: $id, title: $title }) {
      scriptProfile {
        id
        title
      }
    }
  }
`;
