/** The kinds of refusal. A door maps each to its wire form in one table; no status lives here. */
export const refusalCodes = [
  'INVALID_INPUT',
  'INVALID_CRON',
  'SCRIPT_NOT_ACTIVE',
  'TRIGGER_KIND_FIXED',
  'PROFILE_ARCHIVED',
  'PROFILE_LIMIT',
  'COMPUTER_LIMIT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'SCRIPT_NOT_FOUND',
  'TITLE_TAKEN',
  'VERSION_CLASH',
  'IDEMPOTENCY_KEY_REUSED',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'UNAVAILABLE',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/** What a refusal is about: the field's path in the input, what was found there, what is allowed. */
export interface RefusalDetail {
  readonly field?: string;
  readonly found?: string;
  readonly allowed?: string;
}

/** An expected failure: the rules say no. Anything else that is thrown is a fault, and masked at the doors. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly detail: RefusalDetail = {},
    /** What else is wrong with the same input: a form shows all of it, a REST body the first. */
    readonly others: readonly Refusal[] = [],
    /** Seconds after which it is worth another try, of a refusal for now. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/**
 * Runs every check and keeps what they return, so that a caller hears of all faulty fields at once.
 * @throws Refusal the first one, with the others beside it
 */
export function check<Checked extends object>(
  checks: {
    readonly [Field in keyof Checked]: () => Checked[Field];
  },
): Checked {
  const checked: Partial<Checked> = {};
  const refusals: Refusal[] = [];
  for (const field of Object.keys(checks) as (keyof Checked)[]) {
    try {
      checked[field] = checks[field]();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusals.push(error, ...error.others);
    }
  }
  const [first, ...others] = refusals;
  if (first) throw new Refusal(first.code, first.message, first.detail, others);
  return checked as Checked;
}

/** What some rules refuse, if they do, without throwing it. */
export function refusalsOf(rules: () => void): Refusal[] {
  try {
    rules();
    return [];
  } catch (error) {
    if (error instanceof Refusal) return [error, ...error.others];
    throw error;
  }
}

/**
 * A value that a field can't take.
 * @param field path in the input: `title`, `trigger.recurring.interval`
 * @param allowed completes "… must be": `a whole number from 1 to 10`
 */
export function invalid(
  field: string,
  found: unknown,
  allowed: string,
  code: RefusalCode = 'INVALID_INPUT',
): Refusal {
  return invalidAsDescribed(field, show(found), allowed, code);
}

/** The same of a value that must not be shown, or is too large to: `description` is what may be said of it. */
export const invalidAsDescribed = (
  field: string,
  description: string,
  allowed: string,
  code: RefusalCode = 'INVALID_INPUT',
): Refusal =>
  new Refusal(code, `${nameOf(field)} must be ${allowed}; found ${description}.`, {
    field,
    found: description,
    allowed,
  });

export function notFound(what: string, id: unknown, field = 'id'): Refusal {
  return new Refusal('NOT_FOUND', `The specified ${what} does not exist.`, { field, found: show(id) });
}

/** A value as a person may read it: JSON, at most 80 characters of it. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  return cut(typeof value === 'bigint' ? String(value) : json(value));
}

/** At most 80 characters of a text that a caller made up, and may have made as long as a body. */
export const cut = (text: string): string =>
  // A character of two code units that the cut would halve goes whole: half of one is no text.
  text.length > 80 ? `${text.slice(0, 79).replace(/\p{Cs}$/u, '')}…` : text;

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // JSON.parse reads what is nested deeper than JSON.stringify can follow.
    return 'a value that is nested too deeply to show';
  }
}

/** A field's path as a sentence names it: `tags.2` reads `tags[2]`. */
export const nameOf = (field: string): string => field.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]');
