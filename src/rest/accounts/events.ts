import { invalid } from '../../domain/errors.ts';
import { MAX_EVENT_DAYS } from '../../domain/event.ts';
import { pageAnswer, pageVariables } from '../paging.ts';
import type { Query } from '../request.ts';
import type { Route } from '../route.ts';
import { eventFields, toEvent } from '../wire/event.wire.ts';

export const eventRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/events',
    operationId: 'listEvents',
    summary: 'List events of the account, newest first',
    operation: `query ($filter: EventFilter!, $first: Int!, $offset: SafeInt!) {
      events(filter: $filter, first: $first, offset: $offset) { totalCount nodes { ${eventFields} } }
    }`,
    variables: (request) => ({
      ...pageVariables(request),
      filter: { lastDays: daysOf(request.query), search: request.query.get('search') },
    }),
    answer: ({ events }, request) => pageAnswer(events, request, toEvent, 'results first'),
    openapi: {
      query: ['days', 'search', 'limit', 'offset'],
      success: { status: 200, schema: 'EventPage' },
      refusals: ['INVALID_INPUT'],
    },
  },
];

/** @throws Refusal INVALID_INPUT */
function daysOf(query: Query): number | undefined {
  const text = query.get('days');
  if (text === undefined) return undefined;
  const days = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > MAX_EVENT_DAYS)
    throw invalid('days', text, `a whole number from 1 to ${MAX_EVENT_DAYS}`);
  return days;
}
