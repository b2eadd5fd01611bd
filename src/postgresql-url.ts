/** The supported parameters. A URL with any other is rejected, because it would be ignored silently. */
const PARAMETERS = [
  ...['schema', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'],
  ...['host', 'port', 'user', 'password', 'application_name', 'options'],
];

/**
 * Modes with their meaning in libpq. `prefer` is missing, because an attacker on the network could turn encryption off.
 */
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'];

const SCHEMA = /^(?!pg_)[A-Za-z_][\w-]{0,62}$/;

export const isPostgresql = (url: string) => /^postgres(ql)?:\/\/\S+$/.test(url) && isUrl(url);

/** The driver accepts a user without a host. The query then names a socket. */
const isUrl = (text: string) => URL.canParse(text) || URL.canParse(text.replace('@/', '@socket/'));

/** The fault in the URL of a PostgreSQL database: the requirement, and what was found. Shows no values. */
export function urlFault(url: string): { must: string; found: string } | undefined {
  if (!/^postgres(ql)?:\/\//.test(url)) return undefined;
  if (!isEncoded(url))
    return {
      must: 'have percent-encoded special characters in its user and password (% as %25, @ as %40, : as %3A, / as %2F, ? as %3F, # as %23)',
      found: 'one that is not encoded',
    };
  const query = url.indexOf('?');
  const parameters = new URLSearchParams(query < 0 ? '' : url.slice(query + 1));
  const unknown = [...parameters.keys()].filter((name) => !PARAMETERS.includes(name));
  if (unknown.length > 0)
    return {
      must: `have only the parameters ${PARAMETERS.join(', ')}`,
      found: named(unknown, parameters),
    };
  const mode = parameters.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode))
    return { must: `have an sslmode of ${SSL_MODES.join(', ')}`, found: mode };
  if (mode === 'verify-ca' && !parameters.get('sslrootcert'))
    return {
      must: 'name the trusted authority with sslrootcert=<file> for sslmode=verify-ca',
      found: 'none',
    };
  const schema = parameters.get('schema');
  if (schema !== null && !SCHEMA.test(schema))
    return { must: 'have a schema of up to 63 letters, digits, "_" or "-"', found: JSON.stringify(schema) };
  if (parameters.get('options')?.includes('search_path'))
    return { must: 'name its schema with schema=<name>', found: 'search_path in its options' };
  return undefined;
}

/** An unencoded & in a password looks like another parameter, so its name is not shown. */
const named = (names: readonly string[], parameters: URLSearchParams) =>
  parameters.has('password') ? 'another one' : names.join(', ');

/**
 * Whether user and password are percent-encoded. If not, an @ after the host or an invalid port is part of the
 * password.
 */
function isEncoded(url: string): boolean {
  if (!isUrl(url)) return !url.includes('@') || /\s/.test(url);
  const { username, password, pathname, search, hash } = new URL(
    URL.canParse(url) ? url : url.replace('@/', '@socket/'),
  );
  return (
    !`${pathname}${search}${hash}`.includes('@') &&
    hash === '' &&
    [username, password].every((part) => {
      try {
        return decodeURIComponent(part) !== undefined;
      } catch {
        return false;
      }
    })
  );
}
