/**
 * The kinds of refusal. Each API maps them to its own errors in one table, so no HTTP status is defined here.
 */
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

/** Details of a refusal: the path of the input field, the value found there, and the allowed values. */
export interface RefusalDetail {
  readonly field?: string;
  readonly found?: string;
  readonly allowed?: string;
}

/** An expected failure, caused by a violated rule. The APIs mask all other errors as internal faults. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly detail: RefusalDetail = {},
    /** Further problems with the same input. GraphQL returns all of them, the legacy API only the first. */
    readonly others: readonly Refusal[] = [],
    /** Seconds after which a retry may succeed. Only set for temporary refusals. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/**
 * Runs every check and returns their results. All invalid fields are reported at once.
 * @throws Refusal the first one, with the others in `others`
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

/** Returns the refusals that the rules throw. Empty if they throw none. */
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
 * An invalid field value.
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

/** Like `invalid`, but with a description in place of a value that is secret or too large to show. */
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

/** Allowed value of a field if exactly one of it and another field is required. */
export const insteadOf = (other: string): string =>
  `given if \`${other}\` is omitted, and omitted if \`${other}\` is given`;

export function notFound(what: string, id: unknown, field = 'id'): Refusal {
  return new Refusal('NOT_FOUND', `The specified ${what} does not exist.`, { field, found: show(id) });
}

/** A value as JSON, cut to 80 characters, for error messages. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  return cut(typeof value === 'bigint' ? String(value) : json(value));
}

/** Cuts a string from a caller to 80 characters. The text may be as long as a request body. */
export const cut = (text: string): string =>
  // Drops a surrogate pair that the cut would split, because half of a pair is not valid text.
  text.length > 80 ? `${text.slice(0, 79).replace(/\p{Cs}$/u, '')}…` : text;

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // JSON.parse accepts deeper nesting than JSON.stringify can process.
    return 'a value that is nested too deeply to show';
  }
}

/** A field path as shown in a message: `tags.2` becomes `tags[2]`. */
export const nameOf = (field: string): string => field.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]');
