import { expect } from '@jest/globals';
import type { Instant } from '../../src/domain/time.ts';
import { SimulatedAgent, type SimulatedAgentOptions, type Transport } from '../../tools/simulated-agent.ts';
import { startApp, type TestApp, type TestAppOptions } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { sharedApp } from '../support/shared-app.ts';
import { harmIn } from './client-rules.ts';

export const KEY = 'registration-key-1';

/** A server with the account `standalone`, whose registration key is KEY, and scripts that run on its computers. */
export interface AgentsWorld {
  readonly app: TestApp;
  /** The time, which the test moves. */
  readonly time: { now: Instant };
  /** Sends a request as a client does. */
  readonly send: Transport;
  agent(options?: Partial<SimulatedAgentOptions>): SimulatedAgent;
  /** An agent whose computer is accepted, and whose client knows that. */
  acceptedAgent(options?: Partial<SimulatedAgentOptions>): Promise<SimulatedAgent>;
  accept(agent: SimulatedAgent): Promise<void>;
  /** Runs a new script on the given computers or on all, and returns the run's id. */
  run(script?: Partial<ScriptDraft>, computerIds?: readonly number[]): Promise<number>;
  /** The executions of a run, by computer. */
  executions(runId: number): Promise<Execution[]>;
  /** Runs a mutation as the administrator. A refusal fails the test. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  mutate(name: string, input: object, answer?: string): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
  ask(document: string, variables?: object): Promise<any>;
  close(): Promise<void>;
}

interface ScriptDraft {
  readonly code: string;
  readonly interpreter: string;
  readonly username: string;
  readonly timeLimit: number;
  readonly deliverWithin: number;
  readonly attachments: Readonly<Record<string, string>>;
}

export interface Execution {
  readonly id: number;
  readonly computerId: number;
  readonly status: string;
  readonly resultCode: number | null;
  readonly resultText: string | null;
}

/** The number of an agent's computer. */
export const computerIdOf = ({ insecureId }: SimulatedAgent): number =>
  Number(BigInt(insecureId!) / 1_000_000_000n);

/** Creates a world with its own server. */
export async function agentsWorld(options: Omit<TestAppOptions, 'seed' | 'now'> = {}): Promise<AgentsWorld> {
  const time = { now: NOW };
  const app = await startApp({ ...options, seed: 'none', now: () => time.now });
  if (!options.database) await app.addAccount('standalone', 'john@example.com');
  return agentsOf(app, time);
}

/** Creates an empty world on the server that all parts of a test file share. */
export async function sharedAgentsWorld(): Promise<AgentsWorld> {
  const time = { now: NOW };
  const app = await sharedApp({ seed: 'none', now: () => time.now, deadlines: { savePings: 50 } });
  await app.addAccount('standalone', 'john@example.com');
  return agentsOf(app, time);
}

async function agentsOf(app: TestApp, time: { now: Instant }): Promise<AgentsWorld> {
  let number = 0;
  const world: AgentsWorld = {
    app,
    time,
    send: async ({ path, headers, body }) => {
      const answer = await fetch(app.url + path, { method: 'POST', headers, body: Buffer.from(body) });
      return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
    },
    agent(given = {}) {
      number += 1;
      return new SimulatedAgent({
        send: world.send,
        accountName: 'standalone',
        registrationKey: KEY,
        title: `agent-${number}`,
        // Checks every answer of every test with the client's own rules.
        check: (body) => expect(harmIn(body)).toEqual([]),
        ...given,
      });
    },
    async acceptedAgent(given) {
      const agent = world.agent(given);
      expect(await agent.configure()).toBe(true);
      await agent.exchange();
      await world.accept(agent);
      await agent.exchange();
      await agent.exchange();
      return agent;
    },
    accept: (agent) => world.mutate('acceptComputers', { ids: [computerIdOf(agent)] }),
    async run(
      { attachments = {}, timeLimit = 60, deliverWithin, username = 'root', ...script } = {},
      computerIds,
    ) {
      number += 1;
      const title = `script ${number}`;
      const draft = { title, code: 'true', interpreter: '/bin/sh', ...script };
      const made = await world.mutate('createScript', draft, 'script { databaseId }');
      const scriptId = made.script.databaseId;
      for (const [filename, content] of Object.entries(attachments)) {
        const file = { scriptId, filename, content: Buffer.from(content).toString('base64') };
        await world.mutate('addScriptAttachment', file);
      }
      const profile = {
        title,
        scriptId,
        username,
        timeLimit,
        deliverWithin,
        allComputers: true,
        trigger: { oneTime: { timestamp: '2099-01-01T00:00:00Z' } },
      };
      const saved = await world.mutate('createScriptProfile', profile, 'scriptProfile { databaseId }');
      const run = await world.mutate(
        'runScriptProfile',
        { id: saved.scriptProfile.databaseId, idempotencyKey: title, computerIds },
        'activity { databaseId }',
      );
      return run.activity.databaseId;
    },
    async executions(runId) {
      const { activity } = await world.ask(
        `query ($id: ID!) { activity(id: $id) { children(first: 1000) {
          nodes { databaseId status resultCode resultText computer { databaseId } } } } }`,
        { id: String(runId) },
      );
      // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the query
      return activity.children.nodes.map(({ databaseId, computer, ...rest }: any) => ({
        id: databaseId,
        computerId: computer?.databaseId ?? null,
        ...rest,
      }));
    },
    async mutate(name, input, answer = '') {
      const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
      const document = `mutation ($input: ${type}!) { done: ${name}(input: $input) { ${answer} userErrors { code message } } }`;
      const { done } = await world.ask(document, { input });
      expect(done.userErrors).toEqual([]);
      return done;
    },
    async ask(document, variables = {}) {
      const { data, errors } = await app.graphql(document, variables);
      expect(errors).toBeUndefined();
      return data;
    },
    close: () => app.close(),
  };
  await world.mutate('updateLimits', { maxNumProfiles: 100_000 });
  await world.mutate('updatePreferences', { registrationKey: KEY });
  return world;
}
