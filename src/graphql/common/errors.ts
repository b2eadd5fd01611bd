import { HeaderMap } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Refusal, type RefusalCode } from '../../domain/errors.ts';

/** Refusals that a user can correct in a form. All others are top-level errors. */
const userErrorCodes = [
  'INVALID_INPUT',
  'INVALID_CRON',
  'SCRIPT_NOT_ACTIVE',
  'TRIGGER_KIND_FIXED',
  'PROFILE_ARCHIVED',
  'PROFILE_LIMIT',
  'COMPUTER_LIMIT',
  'NOT_FOUND',
  'SCRIPT_NOT_FOUND',
  'TITLE_TAKEN',
  'VERSION_CLASH',
  'IDEMPOTENCY_KEY_REUSED',
] as const satisfies readonly RefusalCode[];

/** FORBIDDEN is a user error only in the results of a batch, because the rest of the batch was done. */
const UserErrorCode = Object.fromEntries([...userErrorCodes, 'FORBIDDEN'].map((code) => [code, code]));

registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description:
    'Reason why a mutation was refused. Later releases may add codes. Treat an unknown code as INVALID_INPUT.',
  valuesConfig: {
    INVALID_INPUT: { description: 'A field has a value that is not allowed.' },
    INVALID_CRON: { description: 'The interval is not a supported cron expression.' },
    SCRIPT_NOT_ACTIVE: { description: 'The script is archived or redacted.' },
    TRIGGER_KIND_FIXED: { description: 'The kind of a trigger cannot be changed.' },
    PROFILE_ARCHIVED: { description: 'The script profile is archived, so it cannot be changed.' },
    PROFILE_LIMIT: { description: 'The account has reached its maximum number of script profiles.' },
    COMPUTER_LIMIT: { description: 'The script profile would be associated with too many computers.' },
    NOT_FOUND: { description: 'The object does not exist, or the caller may not see it.' },
    SCRIPT_NOT_FOUND: { description: 'The script does not exist, or the caller may not see it.' },
    TITLE_TAKEN: { description: 'Another object has this title. It may be archived.' },
    VERSION_CLASH: { description: 'The object was changed after the caller read it.' },
    FORBIDDEN: {
      description:
        'The caller lacks the permission. Occurs only in the results of batch mutations. In all other cases it is a top-level error.',
    },
    IDEMPOTENCY_KEY_REUSED: { description: 'The idempotency key was already used with another input.' },
  },
});

@ObjectType('UserError', {
  description: 'A refusal that the user can correct, for display in a form.',
  simpleResolvers: true,
})
export class UserErrorType {
  @Field(() => UserErrorCode, { description: 'Reason for the refusal.' })
  code!: RefusalCode;

  @Field(() => String, {
    nullable: true,
    description:
      'Path of the field in the input, such as `trigger.recurring.interval`. Null if no single field is at fault.',
  })
  field!: string | null;

  @Field(() => String, { description: 'The message in one sentence, for display to a person.' })
  message!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Value that was found, as JSON of at most 80 characters. For a secret or a file, its length. Null if there is none.',
  })
  found!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Values that are allowed. Null if there is no such rule.',
  })
  allowed!: string | null;
}

export const userErrorOf = ({ code, message, detail }: Refusal): UserErrorType => ({
  code,
  message,
  field: detail.field ?? null,
  found: detail.found ?? null,
  allowed: detail.allowed ?? null,
});

/** Runs a mutation. Returns a refusal that the user can correct as `userErrors`, with the rest of the payload null. */
export async function payload<Result extends object>(
  work: () => Promise<Result>,
): Promise<Result & { userErrors: UserErrorType[] }> {
  try {
    return { ...(await work()), userErrors: [] };
  } catch (error) {
    if (!(error instanceof Refusal) || !isUserError(error)) throw error;
    const userErrors = [error, ...error.others].map(userErrorOf);
    return { userErrors } as Result & { userErrors: UserErrorType[] };
  }
}

export const isUserError = ({ code }: Refusal) => (userErrorCodes as readonly string[]).includes(code);

/** HTTP statuses of requests that are refused as a whole. A refusal within a result does not change the status. */
const statusOf: Partial<Record<RefusalCode, number>> = {
  INVALID_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  QUERY_TOO_COMPLEX: 400,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
};

/** Converts a refusal before execution. Apollo reads the HTTP status from the error. */
export const asGraphqlError = (refusal: Refusal): GraphQLError =>
  new GraphQLError(refusal.message, {
    originalError: refusal,
    extensions: {
      ...extensionsOf(refusal),
      http: {
        status: statusOf[refusal.code] ?? 400,
        headers: new HeaderMap(Object.entries(headersOf[refusal.code] ?? {})),
      },
    },
  });

/** Codes of errors from graphql-js and Apollo whose messages describe only the caller's document. */
const openCodes = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_IN_LIST',
];

/** Apollo's errors without a code of their own. Without this table they would be reported as internal errors. */
const codesOfMessages: Readonly<Record<string, string>> = {
  'provided sha does not match query': 'PERSISTED_QUERY_HASH_MISMATCH',
  'Unsupported persisted query version': 'BAD_REQUEST',
};

/** Returns refusals and errors about the document unchanged, and masks all others. */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  report: (fault: unknown) => void,
): GraphQLFormattedError {
  // Apollo wraps an error of a resolver. A refusal before execution has no path and remains wrapped.
  const original =
    error instanceof GraphQLError && error.originalError instanceof Refusal
      ? error.originalError
      : unwrapResolverError(error);
  const { locations, path } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  if (original instanceof Refusal) {
    return { message: original.message, ...place, extensions: extensionsOf(original) };
  }
  const named = codesOfMessages[formatted.message];
  const code = named ?? formatted.extensions?.code;
  if (named !== undefined || (typeof code === 'string' && openCodes.includes(code))) {
    return { message: formatted.message, ...place, extensions: { code } };
  }
  report(original);
  return { message: MASKED, ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

export const MASKED = 'An internal error occurred. The server’s log has the details under the request id.';

/** Converts a refusal to an HTTP answer for requests that are refused before execution. */
export function refusedRequest(refusal: Refusal, requestId: string) {
  const { code, message, retryAfter } = refusal;
  return {
    status: statusOf[code] ?? 400,
    headers: { ...headersOf[code], ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }) },
    body: { errors: [{ message, extensions: extensionsOf(refusal) }], extensions: { requestId } },
  };
}

const extensionsOf = ({ code, detail, retryAfter }: Refusal) => ({
  code,
  ...detail,
  ...(retryAfter !== undefined && { retryAfter }),
});

const headersOf: Partial<Record<RefusalCode, Readonly<Record<string, string>>>> = {
  UNAUTHENTICATED: { 'www-authenticate': 'Bearer' },
  UNAVAILABLE: { 'retry-after': '5' },
};
