import type { Identity, Origin, ShownToken } from '../../domain/accounts/access.ts';
import {
  type Credentials,
  checkCredentials,
  checkExpiryMinutes,
  given,
  secret,
  wrongCredentials,
} from '../../domain/accounts/log-in.ts';
import type { Grant } from '../../domain/accounts/token.ts';
import { invalid, Refusal } from '../../domain/errors.ts';
import type { Changes } from '../../domain/event.ts';
import { record } from '../event-log.ts';
import type { Store } from '../ports.ts';
import { matches } from '../secrets.ts';
import { type Attempt, countAttempt } from './attempts.ts';
import type { LogInPerson } from './log-in-ports.ts';
import { verifyPassword } from './password.ts';
import type { PasswordGate } from './password-gate.ts';

export interface KeyCredentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly expiryMinutes?: number | null;
}

/** An account that a person may switch to. */
export interface AccountOfPerson {
  readonly name: string;
  readonly title: string;
  readonly isDefault: boolean;
}

/**
 * Log-ins. Persons with the same e-mail address in several accounts are treated as one person, who may switch
 * between the accounts. Persons whose log-in is managed by an account's administrators are excepted and
 * cannot switch.
 */
export function logInService(store: Store, gate: PasswordGate) {
  return {
    /** @throws Refusal INVALID_INPUT, UNAUTHENTICATED, RATE_LIMITED */
    async withPassword(credentials: Credentials, origin: Origin): Promise<Grant> {
      const { email, password, account, expiryMinutes } = checkCredentials(credentials);
      return gate(async () => {
        const attempt = await countAttempt(store, origin, { email, account });
        const people = await store.read.logIns.peopleWith(email);
        const person = account ? people.find(({ identity }) => identity.accountName === account) : people[0];
        // The password is also checked if the person does not exist, so that the duration reveals nothing.
        if (!(await verifyPassword(password, person?.passwordHash ?? null)) || !person) {
          await fail(store, attempt, origin, person);
          throw wrongCredentials();
        }
        return logIn(store, attempt, origin, person, { expiryMinutes });
      });
    },

    /**
     * The secret of a key cannot be guessed and its name is public, so attempts are counted only by network.
     * @throws Refusal INVALID_INPUT, UNAUTHENTICATED, RATE_LIMITED
     */
    async withAccessKey(
      { accessKey, secretKey, expiryMinutes }: KeyCredentials,
      origin: Origin,
    ): Promise<Grant> {
      const terms = {
        expiryMinutes: checkExpiryMinutes(expiryMinutes),
        accessKey: given('accessKey', accessKey, 255),
      };
      secret('secretKey', secretKey, 255);
      const attempt = await countAttempt(store, origin);
      const owner = await store.read.logIns.ownerOf(accessKey);
      if (!matches(secretKey, owner?.secretHash ?? null) || !owner) {
        await fail(store, attempt, origin, owner?.person, owner && accessKey);
        throw new Refusal('UNAUTHENTICATED', 'The access key or its secret is wrong.');
      }
      return logIn(store, attempt, origin, owner.person, terms);
    },

    /**
     * Issues a token for another account of the person. It expires with the presented token, so switching
     * does not extend a session.
     * @throws Refusal INVALID_INPUT
     */
    async switchAccount(identity: Identity, accountName: string, shown?: ShownToken): Promise<Grant> {
      const { origin } = identity;
      const people = withinReach(identity, await store.read.logIns.peopleWith(identity.email));
      const person = people.find(({ identity }) => identity.accountName === accountName);
      if (!person) {
        const names = people.map(({ identity }) => identity.accountName).join(', ');
        throw invalid('accountName', accountName, `one of your accounts: ${names}`);
      }
      await store.transaction(async (tx, now) =>
        record(tx, { ...person.identity, origin }, now, { action: 'TOKEN_MADE' }),
      );
      return grantTo(person, {
        expiryMinutes: checkExpiryMinutes(null),
        notAfter: shown?.expiresAt,
        accessKey: shown?.accessKey,
      });
    },

    /** The accounts that the caller may switch to, and whether the caller has a password. */
    async accountsOf(caller: Identity) {
      const people = await store.read.logIns.peopleWith(caller.email);
      return {
        hasPassword: people.some((person) => isIn(caller, person) && person.passwordHash),
        accounts: withinReach(caller, people)
          .toSorted((a, b) => a.identity.accountId - b.identity.accountId)
          .map(
            (person): AccountOfPerson => ({
              name: person.identity.accountName,
              title: person.accountTitle,
              isDefault: person === people[0],
            }),
          ),
      };
    },
  };
}

const isIn = ({ accountId }: Identity, { identity }: LogInPerson) => identity.accountId === accountId;

/**
 * The persons that a caller may switch to. A person managed by their account's administrators may not switch.
 * Otherwise an administrator could gain access to another account that has a person with the same address.
 */
function withinReach(caller: Identity, people: readonly LogInPerson[]): readonly LogInPerson[] {
  const own = people.filter((person) => isIn(caller, person));
  return own.some(({ isAccountManaged }) => isAccountManaged) ? own : people;
}

/**
 * Records a failed log-in. The event names no actor, because the client is unknown.
 * @param person the person whose credentials were tried. Undefined if there is none.
 */
async function fail(
  store: Store,
  attempt: Attempt,
  origin: Origin,
  person?: LogInPerson,
  accessKey?: string,
): Promise<void> {
  if (!person) return attempt.failUnknown();
  const { accountId, personId: id, email: title } = person.identity;
  const deed = {
    action: 'LOG_IN_REFUSED',
    entity: { type: 'Person', id, title },
    changes: byKey(accessKey),
  } as const;
  await store.transaction(async (tx, at) => record(tx, { accountId, origin }, at, deed));
}

/** Completes a successful log-in. */
export function logIn(
  store: Store,
  attempt: Attempt,
  origin: Origin,
  person: LogInPerson,
  terms: Terms,
): Promise<Grant> {
  const { identity } = person;
  return store.transaction(async (tx, at) => {
    await attempt.succeed(tx, at);
    if (terms.accessKey) await tx.accessKeys.markUsed(identity.accountId, terms.accessKey, at);
    const changes = byKey(terms.accessKey);
    record(tx, { ...identity, origin }, at, { action: 'LOGGED_IN', changes });
    return grantTo(person, terms);
  });
}

/** The name of a key is public. */
const byKey = (accessKey?: string): Changes =>
  accessKey ? { accessKey: { from: null, to: accessKey } } : {};

type Terms = Pick<Grant, 'expiryMinutes' | 'notAfter' | 'accessKey'>;

export const grantTo = ({ identity, tokensValidFrom }: LogInPerson, terms: Terms): Grant => ({
  identity,
  validFrom: tokensValidFrom,
  ...terms,
});
