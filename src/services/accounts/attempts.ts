import type { Origin } from '../../domain/accounts/access.ts';
import {
  type Attempts,
  FORGOTTEN_AFTER,
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

/** What guesses are counted for. */
export interface Subject {
  readonly by: GuessedBy;
  readonly key: string;
}

/** Hashed, because what was typed may be long, or a password in the wrong field. */
export const subjectOf = (by: GuessedBy, ...texts: readonly string[]): Subject => ({
  by,
  key: `${by}:${hashOf(texts.join('\n'))}`,
});

/** @throws Refusal RATE_LIMITED while earlier failures for one of the subjects ask for patience */
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

/** A guess at a secret, which counts as a failure from its beginning. */
export interface Attempt {
  /** It was right. Its network counts as one of the person's, where it was for one. */
  succeed(tx: Repositories, at: Instant): Promise<void>;
  /** It was for somebody who is not there: something is written all the same, and no log, so that it takes as long. */
  failUnknown(): Promise<void>;
}

/** Whose password is guessed: with an account that is named, the person of that account alone. */
interface Guessed {
  readonly email: string;
  readonly account?: string;
}

/**
 * In the database, so that it holds for all replicas together. Failures for an e-mail address count wherever they come
 * from, but not against a network from which its owner has logged in: there they count by themselves, so that others
 * elsewhere can't keep the owner out. They count by account, since an administrator of one could have its person log in,
 * and so forgive guesses at somebody of the same address in another.
 * @throws Refusal RATE_LIMITED
 */
export function countAttempt(store: Store, origin: Origin, guessed?: Guessed): Promise<Attempt> {
  const from = networkOf(origin.address);
  const network = subjectOf('network', from);
  const { email, account } = guessed ?? {};
  // No account is taken for a network: it stands on a line after one that says what it is.
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
    // A refused attempt is not counted, so that trying on does not make the wait longer.
    checkWait(subjects, known, now);
    for (const { key } of subjects) await logIns.saveAttempts(key, increment(known.get(key), now));
    await logIns.forgetAttempts(addMinutes(now, -FORGOTTEN_AFTER / 60));
    return {
      async succeed(tx, at) {
        // In the order in which they are locked.
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
