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
  /** Reports why the issuer could not be reached. */
  readonly report: (reason: unknown) => void;
  /** Milliseconds since 1970. Tests set it. */
  readonly now?: () => number;
}

/** Milliseconds after which keys are requested again. The stored keys stay in use meanwhile. */
const FRESH_FOR = 10 * 60_000;
/** Minimum milliseconds between two requests to the issuer, whatever tokens arrive and however it answers. */
const COOL_DOWN = 30_000;
const JWKS_TIMEOUT_MS = 5_000;

/**
 * Caches an issuer's keys from its JWKS. While the issuer is unreachable, tokens signed with a known key stay valid.
 * `jose` has such a cache too, but starts its cool-down at the last success. It would therefore contact an unreachable
 * issuer for every token.
 */
export function issuerKeys({ url, report, now: clock = Date.now }: IssuerKeysOptions): CompactVerifyGetKey {
  let keys: ReturnType<typeof createLocalJWKSet> | undefined;
  let requestedAt = Number.NEGATIVE_INFINITY;
  let pendingRequest: Promise<void> | undefined;

  function requestKeys(): Promise<void> {
    if (pendingRequest) return pendingRequest;
    if (clock() - requestedAt < COOL_DOWN) return Promise.resolve();
    requestedAt = clock();
    pendingRequest = load(url)
      .then((loaded) => {
        keys = loaded;
      })
      .catch(report)
      .finally(() => {
        pendingRequest = undefined;
      });
    return pendingRequest;
  }

  async function find(header: JWSHeaderParameters, token: FlattenedJWSInput) {
    if (!keys) throw unreachable();
    return keys(header, token);
  }

  return async (header, token) => {
    if (!keys) await requestKeys();
    else if (clock() - requestedAt >= FRESH_FOR) void requestKeys();
    try {
      return await find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      // The key may be new, because the issuer replaces keys at any time.
      await requestKeys();
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
  if (answer.status !== 200)
    throw new Error(`The issuer's keys could not be fetched: ${url} answered with status ${answer.status}.`);
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
