import type { Origin } from '../../domain/accounts/access.ts';
import {
  type Attempts,
  FORGET_FAILURES_AFTER_SECONDS,
  type GuessedBy,
  increment,
  NETWORK_REMEMBERED_DAYS,
  networkOf,
  secondsToWait,
} from '../../domain/accounts/log-in.ts';
import { emailKey } from '../../domain/accounts/person.ts';
import { Refusal } from '../../domain/errors.ts';
import { addMinutes, type Instant } from '../../domain/time.ts';
import type { Repositories, Store } from '../ports.ts';
import { hashOf } from '../secrets.ts';

/** The key under which failed guesses are counted. */
export interface Subject {
  readonly by: GuessedBy;
  readonly key: string;
}

/**
 * The texts are hashed, because they may be long or contain a password that was typed into the wrong field.
 */
export const subjectOf = (by: GuessedBy, ...texts: readonly string[]): Subject => ({
  by,
  key: `${by}:${hashOf(texts.join('\n'))}`,
});

/** @throws Refusal RATE_LIMITED if earlier failures of a subject require a wait */
export function checkWait(
  subjects: readonly Subject[],
  known: ReadonlyMap<string, Attempts>,
  now: Instant,
): void {
  const wait = Math.max(...subjects.map(({ by, key }) => secondsToWait(by, known.get(key), now)));
  if (wait > 0) throw tooSoon(wait);
}

export const tooSoon = (seconds: number) =>
  new Refusal(
    'RATE_LIMITED',
    `Too many failed log-ins. Try again in ${seconds === 1 ? 'one second' : `${seconds} seconds`}.`,
    { allowed: `the next attempt in ${seconds} s` },
    [],
    seconds,
  );

/** A guess at a secret. It is counted as a failure when it starts. */
export interface Attempt {
  /** Marks the guess as correct. For a log-in of a person, the network becomes known for that person. */
  succeed(tx: Repositories, at: Instant): Promise<void>;
  /**
   * Ends a guess for a person who does not exist. Takes a lock but writes no event, so that it takes as long
   * as other failures.
   */
  failUnknown(): Promise<void>;
}

/** The person whose password is guessed. If an account is given, only the person in that account. */
interface Guessed {
  readonly email: string;
  readonly account?: string;
}

/**
 * Counts attempts in the database, so that the limits apply to all replicas together.
 *
 * Failures for an e-mail address count across all networks, except those that its owner has logged in from.
 * Failures from such a network count separately, so other clients cannot lock out the owner.
 *
 * Failures also count per account. A successful log-in clears them, so an administrator could otherwise clear
 * those of a person with the same address in another account.
 * @throws Refusal RATE_LIMITED
 */
export function countAttempt(store: Store, origin: Origin, guessed?: Guessed): Promise<Attempt> {
  const from = networkOf(origin.address);
  const network = subjectOf('network', from);
  const { email, account } = guessed ?? {};
  // The line `account` before the account's name distinguishes it from a network.
  const names = email === undefined ? undefined : [emailKey(email), ...(account ? ['account', account] : [])];
  const here = names && subjectOf('email', ...names, from);
  return store.transaction(async ({ logIns }, now) => {
    const isKnown = here !== undefined && (await logIns.isKnownNetwork(here.key));
    const owner = names && !isKnown ? subjectOf('email', ...names) : here;
    const subjects = owner ? [network, owner] : [network];
    const known = await logIns.lockAttempts(
      subjects.map(({ key }) => key),
      now,
    );
    // A refused attempt is not counted, so further attempts do not extend the wait.
    checkWait(subjects, known, now);
    for (const { key } of subjects) await logIns.saveAttempts(key, increment(known.get(key), now));
    await logIns.forgetAttempts(addMinutes(now, -FORGET_FAILURES_AFTER_SECONDS / 60));
    return {
      async succeed(tx, at) {
        // In lock order.
        if (owner) await tx.logIns.clearFailures(owner.key);
        await tx.logIns.undoAttempt(network.key, now, known.get(network.key)?.lastAt ?? now);
        if (here) await tx.logIns.rememberNetwork(here.key, at);
        await tx.logIns.forgetNetworks(addMinutes(at, -NETWORK_REMEMBERED_DAYS * 1440));
      },
      failUnknown: () =>
        store.transaction(async (tx, at) => void (await tx.logIns.lockAttempts([network.key], at))),
    };
  });
}
