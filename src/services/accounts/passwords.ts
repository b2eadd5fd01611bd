import type { Caller, Origin, ShownToken } from '../../domain/accounts/access.ts';
import { checkExpiryMinutes, MAX_PASSWORD_LENGTH, secret } from '../../domain/accounts/log-in.ts';
import { newPassword } from '../../domain/accounts/password.ts';
import { type Grant, validAfter } from '../../domain/accounts/token.ts';
import { check, Refusal } from '../../domain/errors.ts';
import type { Entity } from '../../domain/event.ts';
import { type Instant, latest } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import type { Store } from '../ports.ts';
import { hashOf } from '../secrets.ts';
import { countAttempt } from './attempts.ts';
import type { LogInPerson } from './log-in-ports.ts';
import { grantTo, logIn } from './log-ins.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { PasswordGate } from './password-gate.ts';
import { accountOfLink } from './password-links.ts';

/** Lets people set and change their own passwords. Both revoke earlier tokens. */
export function passwordService(store: Store, gate: PasswordGate) {
  return {
    /**
     * Sets a password with a link, which can be used once, and logs the person in.
     * @throws Refusal INVALID_INPUT, UNAUTHENTICATED, RATE_LIMITED
     */
    async set(token: string, password: string, origin: Origin): Promise<Grant> {
      check({
        token: () => secret('token', token, MAX_TOKEN_LENGTH),
        password: () => newPassword('password', password),
      });
      return gate(async () => {
        const attempt = await countAttempt(store, origin);
        const accountId = accountOfLink(token);
        const tokenHash = hashOf(token);
        const person = await store.transaction(async (tx, now) =>
          accountId === undefined ? undefined : tx.passwords.ownerOfLink(accountId, tokenHash, now),
        );
        if (!person) {
          await attempt.failUnknown();
          throw wrongLink();
        }
        const { identity } = person;
        const passwordHash = await hashPassword(password);
        const validFrom = await store.transaction(async (tx, now) => {
          // The link was used or replaced in the meantime.
          if (!(await tx.passwords.takeLink(identity.accountId, tokenHash))) throw wrongLink();
          const from = refusingEarlier(person, now);
          await tx.passwords.set(identity.accountId, identity.personId, { passwordHash, validFrom: from });
          const { accountId, personId } = identity;
          tx.announce({ kind: 'access', accountId, personId });
          record(tx, { ...identity, origin }, now, { action: 'PASSWORD_SET', entity: asEntity(person) });
          return from;
        });
        const terms = { expiryMinutes: checkExpiryMinutes(null) };
        return logIn(store, attempt, origin, validAgain(person, validFrom), terms);
      });
    },

    /**
     * Changes the caller's password in all accounts that the caller may switch to. The new token expires with
     * the presented token.
     * @throws Refusal INVALID_INPUT, RATE_LIMITED
     */
    async change(
      caller: Caller,
      { currentPassword, newPassword: chosen }: PasswordsGiven,
      origin: Origin,
      shown?: ShownToken,
    ): Promise<Grant> {
      check({
        currentPassword: () => secret('currentPassword', currentPassword, MAX_PASSWORD_LENGTH),
        newPassword: () => newPassword('newPassword', chosen),
      });
      return gate(async () => {
        const guessed = { email: caller.email, account: caller.accountName };
        const attempt = await countAttempt(store, origin, guessed);
        const people = await store.read.logIns.peopleWith(caller.email);
        const own = people.find(({ identity }) => identity.personId === caller.personId);
        const replacing = own?.passwordHash ?? null;
        if (!(await verifyPassword(currentPassword, replacing)) || !own || replacing === null) {
          const entity = { type: 'Person', id: caller.personId, title: caller.email };
          await store.transaction(async (tx, now) =>
            record(tx, { ...caller, origin }, now, { action: 'PASSWORD_REFUSED', entity }),
          );
          throw wrongPassword();
        }
        const passwordHash = await hashPassword(chosen);
        return store.transaction(async (tx, now) => {
          const change = { passwordHash, validFrom: refusingEarlier(own, now, shown) };
          const { accountId, personId } = caller;
          // The password was changed in the meantime, perhaps because another person knows it.
          if (!(await tx.passwords.replace(accountId, personId, { ...change, replacing })))
            throw wrongPassword();
          for (const person of sameAs(own, people)) {
            const { identity } = person;
            if (person !== own) await tx.passwords.set(identity.accountId, identity.personId, change);
            tx.announce({ kind: 'access', accountId: identity.accountId, personId: identity.personId });
            record(tx, { ...identity, origin }, now, {
              action: 'PASSWORD_CHANGED',
              entity: asEntity(person),
            });
          }
          await attempt.succeed(tx, now);
          return grantTo(validAgain(own, change.validFrom), {
            expiryMinutes: checkExpiryMinutes(null),
            notAfter: shown?.expiresAt,
            accessKey: shown?.accessKey,
          });
        });
      });
    },
  };
}

const MAX_TOKEN_LENGTH = 255;

export interface PasswordsGiven {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** The caller's own person, and the same person in those other accounts that do not manage the log-in. */
const sameAs = (own: LogInPerson, people: readonly LogInPerson[]): readonly LogInPerson[] =>
  own.isAccountManaged ? [own] : people.filter((person) => person === own || !person.isAccountManaged);

/** A valid token may have been issued up to one second in the future, after an earlier revocation. */
const refusingEarlier = ({ tokensValidFrom }: LogInPerson, now: Instant, shown?: ShownToken): Instant =>
  validAfter(now, { issuedAt: latest(now, tokensValidFrom ?? now, shown?.issuedAt ?? now) });

/** Adds the new revocation time to a person, so that the next token is issued after it. */
const validAgain = (person: LogInPerson, from: Instant): LogInPerson => ({
  ...person,
  tokensValidFrom: person.tokensValidFrom === null ? from : latest(person.tokensValidFrom, from),
});

const asEntity = ({ identity }: LogInPerson): Entity => ({
  type: 'Person',
  id: identity.personId,
  title: identity.email,
});

/** The message is the same for every cause. */
const wrongLink = () =>
  new Refusal(
    'UNAUTHENTICATED',
    'This password link is invalid, has already been used, or has expired. Ask an administrator of your account for a new one.',
  );

const wrongPassword = () =>
  new Refusal(
    'INVALID_INPUT',
    'currentPassword must be your current password; found another one. If you have none, ask an administrator of your account for a link.',
    { field: 'currentPassword', found: 'another', allowed: 'your current password' },
  );
