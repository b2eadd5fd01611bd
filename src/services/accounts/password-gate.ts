import { tooSoon } from './attempts.ts';

/** Runs work that hashes a password, within the limit of simultaneous hashes. */
export type PasswordGate = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Maximum number of simultaneous hashes. Each takes 32 MiB and occupies a thread. Further requests are
 * rejected, so that they do not block other work.
 */
const MAX_AT_ONCE = 32;

export function passwordGate(): PasswordGate {
  let atWork = 0;
  return async (work) => {
    if (atWork >= MAX_AT_ONCE) throw tooSoon(1);
    atWork += 1;
    try {
      return await work();
    } finally {
      atWork -= 1;
    }
  };
}
