import type { GraphQLError } from 'graphql';
import { Refusal } from '../../domain/errors.ts';
import { Slices } from '../../services/fairness/slices.ts';
import { asGraphqlError } from '../common/errors.ts';

const MIB = 1024 * 1024;
/** Maximum bytes of JSON, without punctuation. */
export const MAX_ANSWER_BYTES = 32 * MIB;
/** An answer above this number of bytes is large. An account can build only one large answer at a time. */
const LARGE_ANSWER = MIB;
/** Items of a list that take some milliseconds to complete. */
const ITEMS_OF_SLICE = 500;
/** A string of up to this many characters counts one byte for each character, because that is faster. */
const SHORT_TEXT = 1000;

export interface AnswerLimits {
  readonly largest?: number;
  /** Waits until the account may build another large answer. */
  readonly enterLarge?: () => Promise<unknown>;
  /** Resolves once the client can no longer receive the answer, for example after the request's timeout. */
  readonly closed?: Promise<unknown>;
}

/** One answer, measured while it is built, so that a rejected answer is abandoned before it is complete. */
export class Answer {
  private bytes = 0;
  private reserved = 0;
  private entering: Promise<unknown> | undefined;
  private hasEntered = false;
  private refusal: GraphQLError | undefined;
  private readonly slices = new Slices(ITEMS_OF_SLICE);
  private readonly largest: number;
  private largeWork: Promise<unknown> = Promise.resolve();

  constructor(private readonly limits: AnswerLimits = {}) {
    this.largest = limits.largest ?? MAX_ANSWER_BYTES;
    limits.closed?.then(() => {
      this.refusal ??= asGraphqlError(ABANDONED);
    });
  }

  /** Adds the size of a value that is sent unchanged. @throws GraphQLError QUERY_TOO_COMPLEX */
  addValue(value: unknown): void {
    this.add(sizeOf(value));
  }

  /** @throws GraphQLError QUERY_TOO_COMPLEX */
  add(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.largest) this.refuse(this.bytes);
  }

  /**
   * Reserves space for long texts before they are fetched. Waits for the account's turn if the answer becomes large.
   * @throws GraphQLError QUERY_TOO_COMPLEX
   */
  async reserve(bytes: number): Promise<void> {
    this.reserved += bytes;
    if (this.reserved > this.largest) this.refuse(this.reserved);
    if (this.reserved > LARGE_ANSWER) await this.enterLarge();
  }

  /**
   * Waits for the account's turn to build a large answer. Later calls return the same promise.
   * @throws GraphQLError if the answer was rejected or abandoned in the meantime
   */
  enterLarge(): Promise<unknown> {
    this.entering ??= Promise.resolve(this.limits.enterLarge?.()).then(() => {
      this.hasEntered = true;
      if (this.refusal) throw this.refusal;
    });
    return this.entering;
  }

  /**
   * Runs work that needs as much memory as a large answer. It waits for the account's turn, and for similar work of other
   * fields to finish.
   * @throws GraphQLError if the answer was rejected or abandoned before the work starts
   */
  runLarge<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.largeWork
      .then(() => this.enterLarge())
      .then(() => {
        if (this.refusal) throw this.refusal;
        return work();
      });
    this.largeWork = result.catch(() => {});
    return result;
  }

  /**
   * Call it between the items of a list. It returns a promise if other requests must run first.
   * @throws GraphQLError QUERY_TOO_COMPLEX if another part of the answer was rejected
   */
  pause(): Promise<unknown> | undefined {
    if (this.refusal) throw this.refusal;
    if (this.bytes > LARGE_ANSWER && !this.hasEntered) return this.enterLarge();
    return this.slices.pause();
  }

  /** Whether this error ends the whole answer. */
  isEndedBy(error: unknown): boolean {
    return this.refusal !== undefined && this.refusal === error;
  }

  private refuse(found: number): never {
    this.refusal ??= asGraphqlError(tooLarge(found, this.largest));
    throw this.refusal;
  }
}

/** No client receives the answer, because the connection is closed. */
const ABANDONED = new Refusal('UNAVAILABLE', 'The request ended before its answer was complete.');

function sizeOf(value: unknown): number {
  if (typeof value !== 'string') return 4;
  // Escaping makes a string up to six times longer.
  return value.length <= SHORT_TEXT ? value.length : Buffer.byteLength(JSON.stringify(value));
}

const tooLarge = (found: number, largest: number) =>
  new Refusal(
    'QUERY_TOO_COMPLEX',
    `The response must be at most ${largest / MIB} MiB; found at least ${Math.ceil(found / MIB)} MiB. Request fewer items, or only the start of long texts, as in \`resultText(first: 1000)\`.`,
    { field: 'answer', found: `${found} bytes`, allowed: `at most ${largest} bytes` },
  );
