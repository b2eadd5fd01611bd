import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLSafeInt } from 'graphql-scalars';
import { type Instant, parseInstant, toRfc3339 } from '../../domain/time.ts';

const ALLOWED = 'an ISO 8601 time such as 2025-04-23T02:10:41Z';

function parse(value: unknown): Instant {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  if (instant === undefined) throw new GraphQLError(`DateTime must be ${ALLOWED}.`);
  return instant;
}

/** Passes an Instant's text through, because a JavaScript Date would lose the microseconds. */
export const DateTime = new GraphQLScalarType<Instant, string>({
  name: 'DateTime',
  description:
    'A point in time. Output: RFC 3339 in UTC, with up to six decimals of a second. Input: ISO 8601, with or without seconds and time zone. The time zone defaults to UTC.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  extensions: { allowed: ALLOWED },
  serialize: (value) => toRfc3339(value as Instant),
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
});

export const SafeInt = new GraphQLScalarType({
  ...GraphQLSafeInt.toConfig(),
  description: 'An integer that a JavaScript number can hold exactly: from −(2^53 − 1) to 2^53 − 1.',
  extensions: { allowed: 'a whole number' },
});
