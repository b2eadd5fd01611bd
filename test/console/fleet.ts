import { expect } from '@jest/globals';
import type { GraphqlAnswer, TestApp } from '../support/app.ts';

/** A computer that works as its agent does, one step at a time. */
export interface Agent {
  readonly title: string;
  /** Takes what waits for it. Returns the ids of the executions. */
  take(): Promise<string[]>;
  report(
    execution: string,
    result: { succeeded: boolean; resultCode?: number; resultText?: string },
  ): Promise<void>;
}

export interface Fleet {
  readonly agents: readonly Agent[];
  /** Profile that runs on these computers. */
  readonly profile: { readonly id: string; readonly databaseId: number; readonly title: string };
  /** Starts a run. Returns its number. */
  run(): Promise<number>;
}

const dataOf = ({ data, errors }: GraphqlAnswer) => {
  expect(errors).toBeUndefined();
  return data;
};

/** Computers of a part of the suite, with a profile that only runs on them. */
export async function aFleet(app: TestApp, name: string, size: number): Promise<Fleet> {
  // The demonstration has room for three more profiles only.
  await app.graphql('mutation { updateLimits(input: { maxNumProfiles: 100 }) { userErrors { message } } }');
  const numbers = Array.from({ length: size }, (_, index) => index + 1);
  const agents = await Promise.all(numbers.map((number) => enrol(app, `${name}-${number}`, name)));
  // A profile reaches the computers of its script's access group.
  const { scripts } = dataOf(await app.graphql('{ scripts { nodes { id accessGroup { name } } } }'));
  const script = scripts.nodes.find(
    ({ accessGroup }: { accessGroup: { name: string } }) => accessGroup.name === 'global',
  );
  const { acceptComputers } = dataOf(
    await app.graphql(
      'mutation ($ids: [ID!]!) { acceptComputers(input: { ids: $ids }) { userErrors { message } } }',
      { ids: agents.map(({ id }) => id) },
    ),
  );
  expect(acceptComputers.userErrors).toEqual([]);
  const { createScriptProfile } = dataOf(
    await app.graphql(
      'mutation ($input: CreateScriptProfileInput!) { createScriptProfile(input: $input) { scriptProfile { id databaseId title } userErrors { message } } }',
      {
        input: {
          title: `Look after ${name}`,
          scriptId: script.id,
          username: 'root',
          timeLimit: 60,
          tags: [name],
          trigger: { recurring: { interval: '0 3 * * *', startAfter: '2025-01-01T00:00:00Z' } },
        },
      },
    ),
  );
  expect(createScriptProfile.userErrors).toEqual([]);
  const profile = createScriptProfile.scriptProfile;
  return {
    agents,
    profile,
    run: async () => {
      const { runScriptProfile } = dataOf(
        await app.graphql(
          'mutation ($id: ID!) { runScriptProfile(input: { id: $id }) { activity { databaseId } userErrors { message } } }',
          { id: profile.id },
        ),
      );
      expect(runScriptProfile.userErrors).toEqual([]);
      return runScriptProfile.activity.databaseId;
    },
  };
}

async function enrol(app: TestApp, title: string, tag: string): Promise<Agent & { readonly id: string }> {
  const { enrolComputer } = dataOf(
    await app.graphql(
      'mutation ($hostname: String!, $tags: [String!]) { enrolComputer(input: { hostname: $hostname, tags: $tags }) { computer { id } token userErrors { message } } }',
      { hostname: title, tags: [tag] },
    ),
  );
  const { computer, token } = enrolComputer;
  return {
    title,
    id: computer.id,
    take: async () => {
      const { takeExecutions } = dataOf(
        await app.graphql('mutation { takeExecutions(input: {}) { executions { id } } }', {}, token),
      );
      return takeExecutions.executions.map(({ id }: { id: string }) => id);
    },
    report: async (id, result) => {
      const input = { id, ...result };
      const { reportExecution } = dataOf(
        await app.graphql(
          'mutation ($input: ReportExecutionInput!) { reportExecution(input: $input) { userErrors { message } } }',
          { input },
          token,
        ),
      );
      expect(reportExecution.userErrors).toEqual([]);
    },
  };
}
