import type { Identity, Origin, ShownToken } from '../../domain/accounts/access.ts';
import {
  type Credentials,
  checkCredentials,
  checkExpiryMinutes,
  FORGOTTEN_AFTER,
  given,
  increment,
  NETWORK_REMEMBERED_DAYS,
  networkOf,
  secret,
  wrongCredentials,
} from '../../domain/accounts/log-in.ts';
import { emailKey } from '../../domain/accounts/person.ts';
import type { Grant } from '../../domain/accounts/token.ts';
import { invalid, Refusal } from '../../domain/errors.ts';
import type { Changes } from '../../domain/event.ts';
import { addMinutes } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import type { Repositories, Store } from '../ports.ts';
import { matches } from '../secrets.ts';
import { checkWait, subjectOf, tooSoon } from './attempts.ts';
import type { LogInPerson } from './log-in-ports.ts';
import { verifyPassword } from './password.ts';

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

/** Each takes 32 MiB and a thread for a while: what comes on top of so many is sent away, and starves nobody. */
const MAX_AT_ONCE = 32;

/** How somebody who is nobody yet becomes a caller. An e-mail is one person, in whichever accounts it occurs. */
export function logInService(store: Store) {
  let passwordsBeingChecked = 0;

  return {
    /** @throws Refusal INVALID_INPUT, UNAUTHENTICATED, RATE_LIMITED */
    async withPassword(credentials: Credentials, origin: Origin): Promise<Grant> {
      const { email, password, account, expiryMinutes } = checkCredentials(credentials);
      if (passwordsBeingChecked >= MAX_AT_ONCE) throw tooSoon(1);
      passwordsBeingChecked += 1;
      try {
        const attempt = await countAttempt(store, origin, emailKey(email));
        const people = await store.read.logIns.peopleWith(email);
        const person = account ? people.find(({ identity }) => identity.accountName === account) : people[0];
        // Whoever is not there has their password checked all the same: it takes as long.
        if (!(await verifyPassword(password, person?.passwordHash ?? null)) || !person) {
          await attempt.fail(person);
          throw wrongCredentials();
        }
        return await attempt.succeed(person, { expiryMinutes });
      } finally {
        passwordsBeingChecked -= 1;
      }
    },

    /**
     * Its secret can't be guessed, and its name is no secret: attempts count for the address alone.
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
        await attempt.fail(owner?.person, owner && accessKey);
        throw new Refusal('UNAUTHENTICATED', 'The access key or its secret is wrong.');
      }
      return attempt.succeed(owner.person, terms);
    },

    /** The new token lasts as long as the shown one: switching is no way to renew it. @throws Refusal INVALID_INPUT */
    async switchAccount(
      { email, origin }: Identity,
      accountName: string,
      shown?: ShownToken,
    ): Promise<Grant> {
      const people = await store.read.logIns.peopleWith(email);
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

    /** Where else they may switch to, and whether they have a password. */
    async accountsOf({ email, accountId }: Identity) {
      const people = await store.read.logIns.peopleWith(email);
      return {
        hasPassword: people.some(
          ({ identity, passwordHash }) => identity.accountId === accountId && passwordHash,
        ),
        accounts: people.map(
          ({ identity, accountTitle }, index): AccountOfPerson => ({
            name: identity.accountName,
            title: accountTitle,
            isDefault: index === 0,
          }),
        ),
      };
    },
  };
}

/** A log-in that was counted as a failure when it began, and ends as one or the other. */
interface Attempt {
  /** @param person whom it was tried for, where there is somebody; who tried is not known */
  fail(person?: LogInPerson, accessKey?: string): Promise<void>;
  succeed(person: LogInPerson, terms: Terms): Promise<Grant>;
}

/**
 * In the database, so that it holds for all replicas together. Failures for an e-mail address count wherever they come
 * from, but not against a network from which its owner has logged in: there they count by themselves, so that others
 * elsewhere can't keep the owner out.
 * @throws Refusal RATE_LIMITED
 */
function countAttempt(store: Store, origin: Origin, email?: string): Promise<Attempt> {
  const from = networkOf(origin.address);
  const network = subjectOf('network', from);
  const here = email === undefined ? undefined : subjectOf('email', email, from);
  return store.transaction(async ({ logIns }, now) => {
    const isKnown = here !== undefined && (await logIns.isKnownNetwork(here.key));
    const owner = email === undefined || isKnown ? here : subjectOf('email', email);
    const subjects = owner ? [network, owner] : [network];
    const known = await logIns.lockAttempts(
      subjects.map(({ key }) => key),
      now,
    );
    // A refused attempt is not counted, so that trying on does not make the wait longer.
    checkWait(subjects, known, now);
    for (const { key } of subjects) await logIns.saveAttempts(key, increment(known.get(key), now));
    await logIns.forgetAttempts(addMinutes(now, -FORGOTTEN_AFTER / 60));

    const uncount = async (tx: Repositories) => {
      // In the order in which they are locked.
      if (owner) await tx.logIns.clearFailures(owner.key);
      await tx.logIns.undoAttempt(network.key, now, known.get(network.key)?.lastAt ?? now);
    };
    return {
      fail: (person, accessKey) =>
        store.transaction(async (tx, at) => {
          // Whoever is not there has something written all the same, and no log: it takes as long.
          if (!person) return void (await tx.logIns.lockAttempts([network.key], at));
          const { accountId, personId: id, email: title } = person.identity;
          const entity = { type: 'Person', id, title };
          const changes = byKey(accessKey);
          record(tx, { accountId, origin }, at, { action: 'LOG_IN_REFUSED', entity, changes });
        }),

      succeed: (person, terms) =>
        store.transaction(async (tx, at) => {
          const { identity } = person;
          await uncount(tx);
          if (here) await tx.logIns.rememberNetwork(here.key, at);
          await tx.logIns.forgetNetworks(addMinutes(at, -NETWORK_REMEMBERED_DAYS * 1440));
          if (terms.accessKey) await tx.accessKeys.markUsed(identity.accountId, terms.accessKey, at);
          const changes = byKey(terms.accessKey);
          record(tx, { ...identity, origin }, at, { action: 'LOGGED_IN', changes });
          return grantTo(person, terms);
        }),
    };
  });
}

/** A key's name is no secret. */
const byKey = (accessKey?: string): Changes =>
  accessKey ? { accessKey: { from: null, to: accessKey } } : {};

type Terms = Pick<Grant, 'expiryMinutes' | 'notAfter' | 'accessKey'>;

const grantTo = ({ identity, tokensValidFrom }: LogInPerson, terms: Terms): Grant => ({
  identity,
  validFrom: tokensValidFrom,
  ...terms,
});
