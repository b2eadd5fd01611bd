import { nameOf, Refusal, type RefusalCode, type RefusalDetail, show } from '../domain/errors.ts';

/** The answer to a client of the legacy API. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or unchanged if it consists of bytes. The answer has no body if omitted. */
  readonly body?: unknown;
}

/** The HTTP status and error name of each code. No other place in the REST API maps codes to statuses. */
const wireForms: Record<RefusalCode, readonly [status: number, error: string]> = {
  INVALID_INPUT: [400, 'InvalidInput'],
  INVALID_CRON: [400, 'InvalidCron'],
  SCRIPT_NOT_ACTIVE: [400, 'ScriptNotActive'],
  TRIGGER_KIND_FIXED: [400, 'CannotChangeTriggerType'],
  PROFILE_ARCHIVED: [400, 'ScriptProfileArchived'],
  PROFILE_LIMIT: [400, 'ScriptProfileLimit'],
  COMPUTER_LIMIT: [400, 'ComputerLimit'],
  UNAUTHENTICATED: [401, 'Unauthorized'],
  FORBIDDEN: [403, 'Forbidden'],
  NOT_FOUND: [404, 'NotFound'],
  SCRIPT_NOT_FOUND: [404, 'NotFound'],
  TITLE_TAKEN: [409, 'DuplicateTitle'],
  VERSION_CLASH: [409, 'VersionClash'],
  IDEMPOTENCY_KEY_REUSED: [409, 'IdempotencyKeyReused'],
  RATE_LIMITED: [429, 'RateLimited'],
  QUERY_TOO_COMPLEX: [400, 'QueryTooComplex'],
  UNAVAILABLE: [503, 'Unavailable'],
};

/** Headers that are the same for all refusals with a code. RATE_LIMITED sets `retry-after` for each refusal. */
const headersOf: Partial<Record<RefusalCode, Readonly<Record<string, string>>>> = {
  UNAUTHENTICATED: { 'www-authenticate': 'Bearer' },
  UNAVAILABLE: { 'retry-after': '5' },
};

/** Builds the JSON object of every error. Some clients read only `message`, some `error` and some `code`. */
export function errorAnswer(
  status: number,
  error: string,
  message: string,
  { detail, headers }: { detail?: RefusalDetail; headers?: Readonly<Record<string, string>> } = {},
): Answer {
  const { field, found, allowed } = detail ?? {};
  const known = field !== undefined || found !== undefined || allowed !== undefined;
  return {
    status,
    headers,
    body: {
      error,
      message,
      detail: known
        ? {
            field: field === undefined ? null : wireField(field),
            found: found ?? null,
            allowed: allowed ?? null,
          }
        : null,
      code: status,
    },
  };
}

/** Refuses a compressed body, because the server decodes none. Undefined if the body is not compressed. */
export function contentCoded(request: { header(name: string): string | undefined }): Answer | undefined {
  const coding = request.header('content-encoding')?.trim().toLowerCase();
  if (!coding || coding === 'identity') return undefined;
  const message = `Content-Encoding must be omitted, because the server does not decode bodies; found ${show(coding)}.`;
  return errorAnswer(415, 'UnsupportedMediaType', message, {
    detail: { field: 'Content-Encoding', found: coding, allowed: 'identity' },
    headers: { 'accept-encoding': 'identity' },
  });
}

/** Adds the id of the request to an error, so that its reader can find it in the log. */
export const withRequestId = (answer: Answer, requestId: string): Answer =>
  answer.status < 400 ? answer : { ...answer, body: { ...(answer.body as object), request_id: requestId } };

export function refusalAnswer({ code, message: said, detail, retryAfter }: Refusal): Answer {
  const [status, error] = wireForms[code];
  const message = about(said, detail.field ?? '', wireField(detail.field ?? ''));
  const known = retryAfter !== undefined && { 'retry-after': String(retryAfter) };
  return errorAnswer(status, error, message, { detail, headers: { ...headersOf[code], ...known } });
}

/**
 * Replaces the graph's name of the field in a refusal, also in the message, because some clients show only the message.
 */
export function renamed(refusal: Refusal, names: Readonly<Record<string, string>>): Refusal {
  const { code, message, detail, others } = refusal;
  const { field: old = '' } = detail;
  const [first] = /^\w*/.exec(old)!;
  if (!Object.hasOwn(names, first)) return refusal;
  const field = names[first] + old.slice(first.length);
  return new Refusal(code, about(message, old, field), { ...detail, field }, others);
}

/** Replaces the name of the field at the start of a message. */
const about = (message: string, old: string, field: string): string =>
  message.startsWith(`${nameOf(old)} `) ? nameOf(field) + message.slice(nameOf(old).length) : message;

/**
 * Converts a field's path to the wire form: `trigger.recurring.startAfter` becomes `trigger.start_after`, and
 * `filter.titles` becomes `names`.
 */
export const wireField = (field: string): string =>
  field
    .replace(/^trigger\.(event|oneTime|recurring)\b/, 'trigger')
    .replace(/^filter\.titles\b/, 'names')
    .replace(/^filter\./, '')
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Converts a `userError` of the graph back to the refusal. */
export const refusalOf = (error: {
  code: RefusalCode;
  message: string;
  field: string | null;
  found: string | null;
  allowed: string | null;
}): Refusal =>
  new Refusal(error.code, error.message, {
    field: error.field ?? undefined,
    found: error.found ?? undefined,
    allowed: error.allowed ?? undefined,
  });
