import { tooSoon } from './attempts.ts';

/** Runs work that hashes a password. */
export type PasswordGate = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Each takes 32 MiB and a thread for a while: what comes on top of so many is sent away, and starves nobody. */
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
