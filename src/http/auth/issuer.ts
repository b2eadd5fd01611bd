import { createPublicKey, type KeyObject } from 'node:crypto';
import { type CompactVerifyGetKey, compactVerify } from 'jose';
import { Refusal, show } from '../../domain/errors.ts';
import { issuerKeys } from './issuer-keys.ts';
import { checkTimes, headerOf, recoveryHashOf, tokenId, type VerifiedToken } from './tokens.ts';

/** An identity provider whose tokens are accepted beside our own. */
export interface IssuerSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: { readonly url: string } | { readonly publicKey: string };
  /** Names of the claims. */
  readonly emailClaim: string;
  readonly accountClaim: string;
}

export interface Issuer {
  /** Algorithms with which its tokens may be signed. */
  readonly algorithms: readonly string[];
  /** Whether a token claims to be the issuer's. Its algorithm shows this, because issuers sign with other algorithms than we do. */
  isOf(token: string): boolean;
  /** @throws Refusal UNAUTHENTICATED with the reason, UNAVAILABLE */
  verify(token: string): Promise<VerifiedToken>;
}

/** RFC 9068: the header declares an access token, so its claims need not prove it. */
const accessTokenTypes = ['at+jwt', 'application/at+jwt'];
/** Claims of an ID token, which tells a web page who logged in. */
const idTokenClaims = ['at_hash', 'c_hash', 'nonce'];

export function createIssuer(
  { issuer, audience, keys, emailClaim, accountClaim }: IssuerSettings,
  options: { readonly report: (reason: unknown) => void; readonly now?: () => number },
): Issuer {
  const key: CompactVerifyGetKey | KeyObject =
    'url' in keys ? issuerKeys({ ...options, url: keys.url }) : createPublicKey(keys.publicKey);
  const algorithms = 'url' in keys ? Object.values(algorithmsOf) : [algorithmOf(keys.publicKey)!];
  const seconds = () => Math.floor((options.now ?? Date.now)() / 1000);

  async function signedClaims(token: string): Promise<Readonly<Record<string, unknown>>> {
    try {
      const verified = await compactVerify(
        token,
        async (header, input) => (typeof key === 'function' ? key(header, input) : key),
        { algorithms },
      );
      const claims: unknown = JSON.parse(new TextDecoder().decode(verified.payload));
      return typeof claims === 'object' && claims !== null ? { ...claims } : {};
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw unauthenticated(
        'The token was not signed by its issuer: its signature is wrong or its key is unknown.',
      );
    }
  }

  return {
    algorithms,

    isOf: (token) => algorithms.includes(String(headerOf(token).alg)),

    async verify(token) {
      const { typ = 'JWT' } = headerOf(token);
      const type = typeof typ === 'string' ? typ.toLowerCase() : '';
      const isTyped = accessTokenTypes.includes(type);
      if (!isTyped && type !== 'jwt') {
        throw unauthenticated(`The token must be an access token; found the type ${show(typ)}.`);
      }
      const claims = await signedClaims(token);
      if (claims.iss !== issuer) {
        throw unauthenticated(`The token must come from the issuer ${issuer}; found ${show(claims.iss)}.`);
      }
      if (![claims.aud].flat().includes(audience)) {
        throw unauthenticated(`The token must be for the audience ${audience}; found ${show(claims.aud)}.`);
      }
      const times = checkTimes(claims, seconds());
      const idClaim = isTyped ? undefined : idClaimIn(claims);
      if (idClaim)
        throw unauthenticated(
          `The token must be an access token; found ${idClaim}, which marks an ID token.`,
        );
      const [email, account] = [claims[emailClaim], claims[accountClaim]];
      if (!isName(email)) throw unauthenticated(`The token does not name its person (${emailClaim}).`);
      if ('email_verified' in claims && ![true, 'true'].includes(claims.email_verified as never))
        throw unauthenticated('The issuer has not verified the e-mail address of the token.');
      if (!isName(account)) throw unauthenticated(`The token does not name its account (${accountClaim}).`);
      return { email, account, shown: { id: tokenId(token), ...times, recoveryHash: recoveryHashOf(token) } };
    },
  };
}

/** Keycloak states the type in a claim. Before release 25, its access tokens repeat the nonce of the log-in. */
function idClaimIn(claims: Readonly<Record<string, unknown>>): string | undefined {
  if (claims.typ === 'ID') return 'typ';
  return idTokenClaims.find((name) => name in claims && !(name === 'nonce' && claims.typ === 'Bearer'));
}

/** Algorithm by type of key, so that the signer can't choose it. */
const algorithmsOf: Readonly<Record<string, string>> = { rsa: 'RS256', ec: 'ES256', ed25519: 'EdDSA' };

/** The algorithm of a public key in PEM. Undefined if it is not a suitable public key. */
export function algorithmOf(pem: string): string | undefined {
  try {
    // A private key contains a public key, but must not be in this setting.
    if (/PRIVATE KEY/.test(pem)) return undefined;
    const { asymmetricKeyType = '', asymmetricKeyDetails = {} } = createPublicKey(pem);
    const { modulusLength, namedCurve } = asymmetricKeyDetails;
    const isGood =
      asymmetricKeyType === 'rsa'
        ? modulusLength! >= 2048
        : asymmetricKeyType !== 'ec' || namedCurve === 'prime256v1';
    return isGood ? algorithmsOf[asymmetricKeyType] : undefined;
  } catch {
    return undefined;
  }
}

const isName = (claim: unknown): claim is string => typeof claim === 'string' && claim !== '';

const unauthenticated = (message: string) => new Refusal('UNAUTHENTICATED', message);
