import {
  type CompactVerifyGetKey,
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
} from 'jose';
import { Refusal } from '../../domain/errors.ts';

export interface IssuerKeysOptions {
  readonly url: string;
  /** Hears why the issuer could not be asked. */
  readonly report: (reason: unknown) => void;
  /** In milliseconds since 1970; tests move it. */
  readonly now?: () => number;
}

/** Keys are asked for again after so long, and those that are there serve meanwhile. */
const FRESH_FOR = 10 * 60_000;
/** The issuer is asked at most so often, whatever tokens name and however it answers. */
const COOL_DOWN = 30_000;
const JWKS_TIMEOUT_MS = 5_000;

/**
 * An issuer's keys by its JWKS, kept: while it can't be reached, what was signed with a known key is still good.
 * `jose` has such a cache too, but counts its cool-down from the last success: of an issuer that is down it would ask
 * with every token.
 */
export function issuerKeys({ url, report, now: clock = Date.now }: IssuerKeysOptions): CompactVerifyGetKey {
  let keys: ReturnType<typeof createLocalJWKSet> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  function ask(): Promise<void> {
    if (asking) return asking;
    if (clock() - askedAt < COOL_DOWN) return Promise.resolve();
    askedAt = clock();
    asking = load(url)
      .then((loaded) => {
        keys = loaded;
      })
      .catch(report)
      .finally(() => {
        asking = undefined;
      });
    return asking;
  }

  async function find(header: JWSHeaderParameters, token: FlattenedJWSInput) {
    if (!keys) throw unreachable();
    return keys(header, token);
  }

  return async (header, token) => {
    if (!keys) await ask();
    else if (clock() - askedAt >= FRESH_FOR) void ask();
    try {
      return await find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      // A key that is new there: the issuer changes them at its own time.
      await ask();
      return find(header, token);
    }
  };
}

async function load(url: string) {
  const headers = { accept: 'application/jwk-set+json, application/json' };
  const answer = await fetch(url, {
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(JWKS_TIMEOUT_MS),
  });
  if (answer.status !== 200) throw new Error(`The issuer's keys: ${answer.status} from ${url}`);
  return createLocalJWKSet((await answer.json()) as Parameters<typeof createLocalJWKSet>[0]);
}

const unreachable = () =>
  new Refusal(
    'UNAVAILABLE',
    'The keys of the token’s issuer are currently not available.',
    {},
    [],
    COOL_DOWN / 1000,
  );
