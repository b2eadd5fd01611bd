import type { RestAnswer, TestApp } from '../support/app.ts';
import type { Act, Api, Body } from './refusals.ts';

/** The outcome of an act, in one form for both APIs. */
export interface Outcome {
  /** HTTP status. 200 for a refusal within the data of a graph answer. */
  readonly status: number;
  /** The graph's code, or the name of the REST error. Undefined on success. */
  readonly error?: string;
  readonly message?: string;
  readonly field?: string | null;
  readonly found?: string | null;
  readonly allowed?: string | null;
  readonly others: readonly string[];
}

const kinds: Body = { event: 'event', one_time: 'oneTime', recurring: 'recurring' };
const camel = (key: string) => key.replace(/_([a-z])/g, (_all, letter) => letter.toUpperCase());

/** Converts a REST body to the graph's input. Only the names and the place of the trigger's kind differ. */
export function toInput(body: Body): Body {
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [camel(key), key === 'trigger' ? toTrigger(value) : value]),
  );
}

function toTrigger(trigger: unknown): unknown {
  if (typeof trigger !== 'object' || trigger === null) return trigger;
  const { trigger_type, ...fields } = trigger as Record<string, unknown>;
  const inGraph = Object.entries(fields).map(([key, value]) => [
    camel(key),
    key === 'event_type' && typeof value === 'string' ? value.toUpperCase() : value,
  ]);
  return { [kinds[String(trigger_type)] as string]: Object.fromEntries(inGraph) };
}

const mutation = (name: string, type: string) =>
  `mutation ($input: ${type}!) { done: ${name}(input: $input) { userErrors { code field message found allowed } } }`;

/** Both APIs of a running app, and the values of `@name@` in acts. */
export class Apis {
  constructor(
    readonly app: TestApp,
    private readonly world: Readonly<Record<string, string | number>>,
  ) {}

  act(api: Api, act: Act): Promise<Outcome> {
    return api === 'rest' ? this.actOnRest(act) : this.actOnGraph(act);
  }

  private async actOnRest(act: Act): Promise<Outcome> {
    const at = (id: number | string, rest = '') =>
      `/script-profiles/${encodeURIComponent(String(this.inWorld(id)))}${rest}`;
    if ('create' in act) return outcomeOf(await this.rest('POST', '/script-profiles', act.create));
    if ('update' in act) return outcomeOf(await this.rest('PATCH', at(act.update), act.to));
    if ('archive' in act) return outcomeOf(await this.rest('POST', at(act.archive, ':archive')));
    return outcomeOf(await this.rest('GET', at(act.read)));
  }

  private rest(method: string, path: string, body?: Body): Promise<RestAnswer> {
    return this.app.rest(method, path, body && this.written(body));
  }

  private async actOnGraph(act: Act): Promise<Outcome> {
    if ('create' in act) {
      const input = { ...toInput(act.create), ...act.graph };
      return this.send(mutation('createScriptProfile', 'CreateScriptProfileInput'), { input });
    }
    if ('update' in act) {
      const input = { id: act.update, ...toInput(act.to), ...act.graph };
      return this.send(mutation('updateScriptProfile', 'UpdateScriptProfileInput'), { input });
    }
    if ('archive' in act) {
      const input = { id: act.archive };
      return this.send(mutation('archiveScriptProfile', 'ArchiveScriptProfileInput'), { input });
    }
    return this.send('query ($id: ID!) { scriptProfile(id: $id) { databaseId } }', { id: act.read });
  }

  /** Sends a document to /graphql. A refusal may be a top-level error or in the payload. */
  async send(query: string, variables: Body = {}): Promise<Outcome> {
    const answer = await fetch(`${this.app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.app.token()}` },
      body: this.written({ query, variables }),
    });
    const { data, errors = [] } = (await answer.json()) as {
      data?: { done?: { userErrors: { code: string; field: string }[] } };
      errors?: { message: string; extensions: { code: string; field: string } }[];
    };
    const refusals = [
      ...errors.map(({ message, extensions }) => ({ message, ...extensions })),
      ...(data?.done?.userErrors ?? []),
    ];
    const [{ code, ...first } = { code: undefined }, ...others] = refusals;
    return { status: answer.status, error: code, ...first, others: others.map(({ field }) => field) };
  }

  private written(value: Body): string {
    return JSON.stringify(value).replace(/"@(\w+)@"/g, (_all, name) => {
      const known = this.inWorld(`@${name}@`);
      return typeof known === 'string' && name !== '1e400' ? JSON.stringify(known) : String(known);
    });
  }

  inWorld(name: number | string): number | string {
    const [, known] = /^@(\w+)@$/.exec(String(name)) ?? [];
    if (known === undefined) return name;
    if (known === '1e400') return known;
    if (this.world[known] === undefined) throw new Error(`The world has no ${known}.`);
    return this.world[known];
  }
}

function outcomeOf({ status, body }: RestAnswer): Outcome {
  if (status < 400) return { status, others: [] };
  if (body.code !== status) throw new Error(`The body says ${body.code}, the status is ${status}.`);
  return { status, error: body.error, message: body.message, ...body.detail, others: [] };
}
