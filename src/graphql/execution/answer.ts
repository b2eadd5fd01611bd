import type { GraphQLError } from 'graphql';
import { Refusal } from '../../domain/errors.ts';
import { Slices } from '../../services/fairness/slices.ts';
import { asGraphqlError } from '../common/errors.ts';

const MIB = 1024 * 1024;
/** Bytes of JSON, without those of punctuation. */
export const LARGEST_ANSWER = 32 * MIB;
/** From this size on, an answer is one of the few large ones that are under way at a time. */
const LARGE_ANSWER = MIB;
/** Items of a list that take some milliseconds. */
const ITEMS_OF_SLICE = 500;
/** Texts up to this length are counted by their characters, which is faster. */
const SHORT_TEXT = 1000;

export interface AnswerLimits {
  readonly largest?: number;
  /** Waits until the account may have another large answer under way. */
  readonly enterLarge?: () => Promise<unknown>;
}

/** One answer, measured while it is put together: a refused one is given up before it is whole. */
export class Answer {
  private bytes = 0;
  private reserved = 0;
  private entering: Promise<unknown> | undefined;
  private hasEntered = false;
  private refusal: GraphQLError | undefined;
  private readonly slices = new Slices(ITEMS_OF_SLICE);
  private readonly largest: number;

  constructor(private readonly limits: AnswerLimits = {}) {
    this.largest = limits.largest ?? LARGEST_ANSWER;
  }

  /** Counts what is sent as it stands. @throws GraphQLError QUERY_TOO_COMPLEX */
  addValue(value: unknown): void {
    this.add(sizeOf(value));
  }

  /** @throws GraphQLError QUERY_TOO_COMPLEX */
  add(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.largest) this.refuse(this.bytes);
  }

  /**
   * Before long texts are fetched: takes the room that they need, and waits for the account's turn if the answer
   * becomes a large one. @throws GraphQLError QUERY_TOO_COMPLEX
   */
  async reserve(bytes: number): Promise<void> {
    this.reserved += bytes;
    if (this.reserved > this.largest) this.refuse(this.reserved);
    if (this.reserved > LARGE_ANSWER) await this.enterLarge();
  }

  /** Waits for the account's turn to have a large answer under way; once is enough. */
  enterLarge(): Promise<unknown> {
    this.entering ??= Promise.resolve(this.limits.enterLarge?.()).then(() => {
      this.hasEntered = true;
    });
    return this.entering;
  }

  /**
   * Between the items of a list: a promise if others must have their turn first.
   * @throws GraphQLError QUERY_TOO_COMPLEX if another part of the answer was refused
   */
  pause(): Promise<unknown> | undefined {
    if (this.refusal) throw this.refusal;
    if (this.bytes > LARGE_ANSWER && !this.hasEntered) return this.enterLarge();
    return this.slices.pause();
  }

  /** Whether the whole answer is given up because of this error. */
  isEndedBy(error: unknown): boolean {
    return this.refusal !== undefined && this.refusal === error;
  }

  private refuse(found: number): never {
    this.refusal ??= asGraphqlError(tooLarge(found, this.largest));
    throw this.refusal;
  }
}

function sizeOf(value: unknown): number {
  if (typeof value !== 'string') return 4;
  // What has to be escaped grows up to six times.
  return value.length <= SHORT_TEXT ? value.length : Buffer.byteLength(JSON.stringify(value));
}

const tooLarge = (found: number, largest: number) =>
  new Refusal(
    'QUERY_TOO_COMPLEX',
    `The response must be at most ${largest / MIB} MiB; found at least ${Math.ceil(found / MIB)} MiB. Request fewer items, or only the start of long texts, as in \`resultText(first: 1000)\`.`,
    { field: 'answer', found: `${found} bytes`, allowed: `at most ${largest} bytes` },
  );
