import type { ApolloClient } from '@apollo/client';
import { graphql } from '../../app/graphql.ts';
import { duration } from '../../format/duration.ts';
import { causeOf } from '../../format/result-code.ts';
import { activityLooks } from '../../format/status.ts';
import { utcTime } from '../../format/time.ts';
import type { RunAsTextQuery } from '../../generated/graphql.ts';

const TEXT = graphql(`
  query RunAsText($id: ID!, $after: String) {
    activity(id: $id) {
      id
      databaseId
      summary
      status
      creationTime
      completionTime
      scriptProfile { id title }
      children(first: 500, after: $after, orderBy: { field: CREATION_TIME, direction: ASC }) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id
          status
          completionTime
          duration
          resultCode
          resultText
          computerId
          computer { id title }
        }
      }
    }
  }
`);

type Run = NonNullable<RunAsTextQuery['activity']>;

/**
 * The run with the output of each computer, as parts of a text. Pages are loaded one after another and are not kept in
 * the cache, because the outputs of thousands of computers are large.
 */
export async function textOf(
  client: ApolloClient,
  id: string,
  progress: (done: number) => void,
): Promise<string[]> {
  const parts: string[] = [];
  let after: string | null = null;
  let done = 0;
  do {
    const run: Run = await pageOf(client, { id, after });
    const { nodes, pageInfo } = run.children;
    if (after === null) parts.push(heading(run));
    parts.push(...nodes.map(paragraph));
    done += nodes.length;
    progress(done);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return parts;
}

async function pageOf(client: ApolloClient, variables: { id: string; after: string | null }): Promise<Run> {
  const { data, error } = await client.query({ query: TEXT, variables, fetchPolicy: 'no-cache' });
  if (!data?.activity) throw error ?? new Error('The gateway has no such run.');
  return data.activity;
}

function heading(run: Run): string {
  const lines = [
    `${run.scriptProfile?.title ?? run.summary}, run ${run.databaseId}`,
    `State: ${activityLooks[run.status].label}`,
    `Started: ${utcTime(run.creationTime)}`,
    ...(run.completionTime ? [`Ended: ${utcTime(run.completionTime)}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function paragraph(execution: Run['children']['nodes'][number]): string {
  const { computer, computerId, status, resultCode, completionTime, duration: seconds } = execution;
  const title = computer?.title ?? `computer ${computerId} (removed)`;
  const facts = [
    activityLooks[status].label,
    causeOf(resultCode),
    completionTime && utcTime(completionTime),
    seconds !== null && `took ${duration(seconds)}`,
  ];
  const output = execution.resultText?.trimEnd();
  return `\n=== ${title}: ${facts.filter(Boolean).join(', ')}\n${output ? `${output}\n` : ''}`;
}

/** Lets the browser save a text as a file. */
export function save(name: string, parts: readonly string[]): void {
  const address = URL.createObjectURL(new Blob([...parts], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Some browsers read the address after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
