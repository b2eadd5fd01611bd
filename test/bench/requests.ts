import type { Request } from './load.ts';

/** The fields of the list requests. Every peer has them under these names, except for PostGraphile. */
const fields = `databaseId title scriptId accessGroup { name } createdBy { databaseId name } createdAt lastEditedAt
  trigger { __typename ... on EventTrigger { eventType }
    ... on OneTimeTrigger { timestamp isFinished nextRun lastRun }
    ... on RecurringTrigger { interval startAfter nextRun lastRun } }
  allComputers tags timeLimit username numAssociatedComputers
  lastActivity { databaseId creationTime creator { databaseId name email } summary completionTime status resultText resultCode }
  archived`;

const postgraphileFields = `id title scriptId accessGroupByAccountIdAndAccessGroupId { name }
  personByAccountIdAndCreatedById { id name } createdAt lastEditedAt
  triggerKind eventType timestamp isFinished interval startAfter nextRun lastRun
  allComputers tags timeLimit username numAssociatedComputers
  lastActivity { id creationTime personByAccountIdAndCreatorId { id name email } summary completionTime status resultText resultCode }
  archived`;

export interface Caller {
  readonly url: string;
  readonly token?: string;
}

export function graphql(
  { url, token }: Caller,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Request {
  return {
    url: `${url}/graphql`,
    body: JSON.stringify({ query, variables }),
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
  };
}

export const rest = ({ url, token }: Caller, path: string): Request => ({
  url: `${url}/api/v2${path}`,
  headers: token ? { authorization: `Bearer ${token}` } : {},
});

export const list = (caller: Caller, first: number): Request =>
  graphql(caller, `query List($first: Int!) { scriptProfiles(first: $first) { nodes { ${fields} } } }`, {
    first,
  });

/** The upper-bound server reads the number of items from the URL, and reads no body. */
export const bareList = (caller: Caller, first: number): Request => {
  const request = list(caller, first);
  return { ...request, url: `${request.url}?limit=${first}` };
};

export const postgraphileList = (caller: Caller, first: number): Request =>
  graphql(
    caller,
    `query List($first: Int!) {
      allScriptProfiles(first: $first, orderBy: [CREATED_AT_DESC, ID_DESC], condition: { accountId: "1", archived: false }) {
        nodes { ${postgraphileFields} }
      }
    }`,
    { first },
  );

export const profile = (caller: Caller, id: number): Request =>
  graphql(caller, `query One($id: ID!) { scriptProfile(id: $id) { ${fields} } }`, { id: String(id) });

/** The data that a dashboard shows for one profile. */
export const dashboard = (caller: Caller, id: number): Request =>
  graphql(
    caller,
    `query Dashboard($id: ID!) {
      limits { maxNumComputers maxNumProfiles minInterval }
      scriptProfile(id: $id) {
        ${fields}
        activities(first: 20) { nodes { databaseId creationTime completionTime status resultText } }
        upcomingRuns(first: 20) { at expectedComputers }
      }
    }`,
    { id: String(id) },
  );

export const activities = (caller: Caller, after: string | null): Request =>
  graphql(
    caller,
    `query Feed($after: String) {
      activities(first: 50, after: $after) { nodes { databaseId creationTime status summary computerId } pageInfo { endCursor } }
    }`,
    { after },
  );

export const create = (caller: Caller, more: Readonly<Record<string, unknown>>): Request => ({
  ...graphql(
    caller,
    `mutation Create($input: CreateScriptProfileInput!) { createScriptProfile(input: $input) { scriptProfile { ${fields} } } }`,
    { input: { title: 'Made by <n>', scriptId: '1', username: 'root', timeLimit: 300, ...more } },
  ),
  numbered: true,
});

/** Each edit changes a value, because an edit without a change publishes no event. */
export const update = (
  caller: Caller,
  id: number,
  timeLimit: number | '<seconds>' = '<seconds>',
): Request => ({
  ...graphql(
    caller,
    `mutation Update($input: UpdateScriptProfileInput!) { updateScriptProfile(input: $input) { scriptProfile { ${fields} } } }`,
    { input: { id: String(id), timeLimit } },
  ),
  numbered: true,
});

export const follow = ({ url, token }: Caller, id: number): Request => {
  const request = graphql(
    { url, token },
    'subscription ($id: ID!) { scriptProfileChanged(id: $id) { scriptProfile { title timeLimit } } }',
    { id: String(id) },
  );
  return { ...request, url: `${url}/graphql/stream` };
};
