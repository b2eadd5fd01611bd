import type { Caller, Origin, ShownToken } from '../../domain/accounts/access.ts';
import { checkExpiryMinutes, MAX_PASSWORD_LENGTH, secret } from '../../domain/accounts/log-in.ts';
import { newPassword } from '../../domain/accounts/password.ts';
import { type Grant, validAfter } from '../../domain/accounts/token.ts';
import { check, invalidAsDescribed, Refusal } from '../../domain/errors.ts';
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

/** How people come by a password of their own. Whatever they were logged in with before is good no more. */
export function passwordService(store: Store, gate: PasswordGate) {
  return {
    /** By a link, once; lets its person in. @throws Refusal INVALID_INPUT, UNAUTHENTICATED, RATE_LIMITED */
    async set(token: string, password: string, origin: Origin): Promise<Grant> {
      check({
        token: () => secret('token', token, LONGEST_TOKEN),
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
          // Somebody else with the same link was faster, or another was made.
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
     * One's own, in all accounts that it may lead to: an e-mail is one person. The new token lasts as long as the shown one.
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
          // It was changed meanwhile, perhaps because somebody else knows it.
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

const LONGEST_TOKEN = 255;

export interface PasswordsGiven {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** The persons of other accounts who are the same for certain, and the person of this one. */
const sameAs = (own: LogInPerson, people: readonly LogInPerson[]): readonly LogInPerson[] =>
  own.isAccountManaged ? [own] : people.filter((person) => person === own || !person.isAccountManaged);

/** A token may say that it was made when the ones before it were refused, which is a second ahead. */
const refusingEarlier = ({ tokensValidFrom }: LogInPerson, now: Instant, shown?: ShownToken): Instant =>
  validAfter(now, { issuedAt: latest(now, tokensValidFrom ?? now, shown?.issuedAt ?? now) });

/** Whose earlier tokens were just refused: the next one must not be. */
const validAgain = (person: LogInPerson, from: Instant): LogInPerson => ({
  ...person,
  tokensValidFrom: person.tokensValidFrom === null ? from : latest(person.tokensValidFrom, from),
});

const asEntity = ({ identity }: LogInPerson): Entity => ({
  type: 'Person',
  id: identity.personId,
  title: identity.email,
});

/** The same words whatever is wrong with it. */
const wrongLink = () =>
  new Refusal(
    'UNAUTHENTICATED',
    'The link for setting a password is invalid, used or expired. Ask an administrator of your account for another.',
  );

const wrongPassword = () =>
  invalidAsDescribed(
    'currentPassword',
    'another',
    'your current password (without one, ask an administrator of your account for a link)',
  );
