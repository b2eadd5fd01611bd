const REQUEST_TIMEOUT_MS = 30_000;

/** The server refused the request or cannot be reached. The message says what an operator can do. */
export class GraphClientError extends Error {
  override readonly name = 'GraphClientError';

  constructor(
    message: string,
    /** Code of the server's error. Undefined if the error has none. */
    readonly code?: string,
  ) {
    super(message);
  }
}

/** A client of the public GraphQL API. It has no privileges over other programs. */
export class GraphClient {
  constructor(private readonly url: string) {}

  /** Runs one mutation. @throws GraphClientError */
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the selection's
  async mutate(token: string, name: string, input: object, selection = ''): Promise<any> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { done: ${name}(input: $input) { ${selection} userErrors { message } } }`;
    const { done } = await this.ask(token, query, { input });
    if (done.userErrors.length > 0) {
      throw new GraphClientError(`${name} was refused: ${done.userErrors[0].message}`);
    }
    return done;
  }

  /** @throws GraphClientError */
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the selection's
  async ask(token: string, query: string, variables: object = {}): Promise<any> {
    const answer = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    }).catch((error: Error & { cause?: Error }) => {
      const why = error.cause?.message ?? error.message;
      throw new GraphClientError(
        `The server at ${this.url} cannot be reached: ${why}. Check that it runs (npm start).`,
      );
    });
    const text = await answer.text();
    const { data, errors } = parsed(text);
    const error = errors?.[0];
    if (error?.extensions?.code === 'UNAUTHENTICATED') {
      throw new GraphClientError(
        `The server at ${this.url} rejected the token: ${error.message} Check --account and --email, and that JWT_SECRET or the database folder is the same as the server’s.`,
      );
    }
    if (!data || error) {
      throw new GraphClientError(
        `The server at ${this.url} returned the status ${answer.status}: ${error?.message ?? text.slice(0, 200)}`,
        error?.extensions?.code,
      );
    }
    return data;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: whatever came
function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
