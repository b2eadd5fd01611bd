import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readConfig } from '../config.ts';
import { isEmail } from '../domain/accounts/person.ts';
import { signToken } from '../http/auth/tokens.ts';
import { jwtSecrets } from '../secret-file.ts';
import { notEmail, run, serverUrl, textOptions } from './arguments.ts';
import { GraphClient } from './graph-client.ts';

const OPTIONS = ['email', 'account', 'url', 'from', 'until', 'after'] as const;
const TOKEN_MINUTES = 1440;
const PAGE_SIZE = 500;

const PAGE = `query ($first: Int, $after: String, $filter: EventFilter) {
  events(first: $first, after: $after, filter: $filter, orderBy: { field: CREATED_AT, direction: ASC }) {
    pageInfo { hasNextPage }
    edges {
      cursor
      node {
        id createdAt action
        person { databaseId email name } computerId address requestId
        entityType entityId entityTitle
        changes { field from to }
      }
    }
  }
}`;

// Reads from the running server as a person who may see the event log, so it works with any kind of database.
run(
  {
    usage: 'npm run events -- --email <email> [options]',
    does: 'Prints the event log as JSON lines, oldest event first. Each line has its cursor, for --after.',
    options: {
      '--email <email>': 'the e-mail address of a person with the permission ViewEventLog',
      '--account <name>': 'the account; defaults to standalone',
      '--url <url>': 'the URL of the server; defaults to http://127.0.0.1:4000',
      '--from <time>': 'only events at or after this time, such as 2026-11-30T00:00:00Z',
      '--until <time>': 'only events before this time',
      '--after <cursor>': 'only events after this cursor, which is the last one of an earlier export',
    },
  },
  async () => {
    const given = textOptions(OPTIONS, process.argv.slice(2));
    const { email = '', account = 'standalone', from, until, after } = given;
    if (!isEmail(email.trim())) throw notEmail(email || undefined);
    const client = new GraphClient(serverUrl(given.url));
    const [secret] = await jwtSecrets(readConfig(process.env));
    const token = signToken({ email: email.trim(), account }, { secret, minutes: TOKEN_MINUTES });
    const filter = from || until ? { createdAt: { from, until } } : undefined;
    await print(linesOf(client, token, { filter, after }));
    return undefined;
  },
);

/** Prints page by page, so an export of any length needs little memory. */
async function* linesOf(
  client: GraphClient,
  token: string,
  { filter, after }: { filter: object | undefined; after: string | undefined },
): AsyncGenerator<string> {
  for (let [cursor, more] = [after, true]; more; ) {
    const { events } = await client.ask(token, PAGE, { first: PAGE_SIZE, after: cursor, filter });
    for (const { cursor: position, node } of events.edges) {
      yield `${JSON.stringify({ cursor: position, ...node })}\n`;
      cursor = position;
    }
    more = events.pageInfo.hasNextPage;
  }
}

async function print(lines: AsyncGenerator<string>): Promise<void> {
  try {
    await pipeline(Readable.from(lines), process.stdout, { end: false });
  } catch (error) {
    // The reader closed the pipe, as in `| head`.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
