import { type Attempts, type GuessedBy, secondsToWait } from '../../domain/accounts/log-in.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Instant } from '../../domain/time.ts';
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
