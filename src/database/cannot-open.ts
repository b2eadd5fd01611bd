/** The database can't be opened. The message joins what happened and the advice; the fields hold them separately. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';

  constructor(
    readonly says: string,
    readonly advice: string,
    cause?: unknown,
  ) {
    super(`${says}. ${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`, { cause });
  }
}

/** Advice for each error of PostgreSQL's driver. The first pattern that matches wins. */
const advices: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /\bECONNREFUSED\b|\bENOENT\b/,
    'no server listens there: check that PostgreSQL runs, and that the host and port of the URL are right',
  ],
  [/\b(ENOTFOUND|EAI_AGAIN)\b/, 'the host has no known address: check the name in the URL, and DNS'],
  [
    /\b(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)\b|timeout/i,
    'the host does not answer: check the network and firewalls',
  ],
  [
    /\b28P01\b|password must be a/,
    "set the user's password in the URL, as postgresql://user:password@host/database, with percent-encoded special characters",
  ],
  [
    /\b28000\b/,
    'the server does not admit this user from this host or with this method: check its pg_hba.conf; some servers require sslmode=require',
  ],
  [
    /\b3D000\b/,
    "create it as the server's administrator: CREATE DATABASE gateway OWNER gateway ENCODING 'UTF8' TEMPLATE template0",
  ],
  [/\b42501\b/, 'grant it as the owner of the database, or make this user the owner'],
  [
    /does not support SSL/,
    'the server does not support TLS: omit sslmode if the network is safe, or set ssl = on on the server',
  ],
  [
    /certificate|\bCERT\b|altname/i,
    "the server's certificate is not trusted: name its authority with sslrootcert=<file>, or encrypt without checking with sslmode=require",
  ],
  [/\b57P03\b/, 'the server is starting or stopping: try again in a moment'],
  [
    /\b53300\b/,
    'all connections of the server are in use: raise max_connections, run fewer replicas, or use a pooler',
  ],
];

const OTHERWISE = 'check that it runs, that DATABASE_URL is right, and that this user may open it';

export function adviceOn(error: unknown): string {
  const { code = '' } = error as { code?: string };
  const text = `${code} ${reasonOf(error)}`;
  return advices.find(([pattern]) => pattern.test(text))?.[1] ?? OTHERWISE;
}

/**
 * The reason for an error. For `localhost` Node tries several addresses and puts the reasons into an error without a
 * message.
 */
export function reasonOf(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: Error[] };
  return message || errors?.map((attempt) => attempt.message).join(', ') || code || String(error);
}
