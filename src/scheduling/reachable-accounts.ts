import type { Due, DueBounds } from '../services/activities/run-ports.ts';
import type { DueWork } from './due-work.ts';

/** Longest time that a question may take while part of the database is unreachable. It usually takes milliseconds. */
const TIMEOUT_MS = 2_000;
/** Delay before all accounts are asked together again. */
const APART_MS = 5_000;
/**
 * An account that cannot be reached rests this many times as long as its question took. So the questions of many
 * accounts on a machine that stands still delay the others' work only once.
 */
const REST_FACTOR = 150;
const MIN_REST_MS = APART_MS;
/** Number of accounts that are asked in parallel. The rest of the pool's connections is for requests. */
const ASKED_SIDE_BY_SIDE = 3;
const MOST_OF_ONE = 100;

export interface ReachableAccountsOptions {
  /** The ids of all accounts. */
  accounts(): Promise<readonly number[]>;
  /** Reports accounts whose work waits until their part of the database is reachable again, while others answer. */
  report(accountIds: readonly number[]): void;
  /** Milliseconds of a monotonic clock. */
  readonly elapsed?: () => number;
}

/**
 * Keeps accounts from waiting for others. On a database of several machines, a question about the due work of all
 * accounts fails as a whole if one machine does. Then each account is asked by itself, and those that fail are passed
 * over until all can be asked together again. All kinds of work share what is known of the accounts.
 */
export function reachableAccounts({
  accounts,
  report,
  elapsed = () => performance.now(),
}: ReachableAccountsOptions): (work: DueWork) => DueWork {
  /** Time until which accounts are asked one by one. */
  let apartUntil: number | undefined;
  const restUntil = new Map<number, number>();

  async function askTogether<Answer>(ask: (bounds: DueBounds) => Promise<Answer>): Promise<Answer> {
    const answer = await ask(apartUntil === undefined ? {} : { timeoutMs: TIMEOUT_MS });
    apartUntil = undefined;
    restUntil.clear();
    return answer;
  }

  async function askApart<Answer>(ask: (bounds: DueBounds) => Promise<Answer>): Promise<Answer[]> {
    const waiting = (await accounts()).filter((id) => (restUntil.get(id) ?? 0) <= elapsed());
    const answers: Answer[] = [];
    const lost: number[] = [];
    async function askOne(accountId: number): Promise<void> {
      const began = elapsed();
      try {
        answers.push(await ask({ accountId, timeoutMs: TIMEOUT_MS }));
        restUntil.delete(accountId);
      } catch {
        lost.push(accountId);
        const rest = Math.max(MIN_REST_MS, REST_FACTOR * (elapsed() - began));
        restUntil.set(accountId, elapsed() + rest);
      }
    }
    const worker = async () => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await askOne(id);
    };
    await Promise.all(Array.from({ length: ASKED_SIDE_BY_SIDE }, worker));
    // If no account answers, the whole database is unreachable, or the question is wrong.
    if (lost.length > 0 && answers.length > 0) report(lost);
    return answers;
  }

  /** @throws if no account can be reached */
  async function answersTo<Answer>(ask: (bounds: DueBounds) => Promise<Answer>): Promise<Answer[]> {
    if (apartUntil === undefined || apartUntil <= elapsed()) {
      try {
        return [await askTogether(ask)];
      } catch (fault) {
        const answers = await askApart(ask);
        if (answers.length === 0) throw fault;
        apartUntil = elapsed() + APART_MS;
        return answers;
      }
    }
    return askApart(ask);
  }

  return (work) => ({
    fire: work.fire,

    async due(most, except) {
      const answers = await answersTo((bounds) =>
        work.due(bounds.accountId === undefined ? most : Math.min(most, MOST_OF_ONE), except, bounds),
      );
      return inTurn(answers).slice(0, most);
    },

    async untilNext(except) {
      const answers = await answersTo((bounds) =>
        work.untilNext(except, bounds).then((wait) => wait ?? Number.POSITIVE_INFINITY),
      );
      const next = Math.min(...answers, ...(apartUntil === undefined ? [] : [apartUntil - elapsed()]));
      return next === Number.POSITIVE_INFINITY ? undefined : Math.max(0, next);
    },
  });
}

/** The items of several accounts, taking the accounts in turn. */
const inTurn = (lists: readonly (readonly Due[])[]): Due[] =>
  lists
    .flatMap((list) => list.map((due, turn) => ({ due, turn })))
    .sort((a, b) => a.turn - b.turn)
    .map(({ due }) => due);
