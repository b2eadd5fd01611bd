import { isDeepStrictEqual } from 'node:util';
import type { Request } from './load.ts';

/**
 * Checks that all contenders return the same answer. Otherwise they would not do the same work.
 * @throws Error if two answers differ
 */
export async function sameAnswers(requests: Readonly<Record<string, Request>>): Promise<void> {
  const [first, ...others] = await Promise.all(
    Object.entries(requests).map(async ([name, request]) => ({ name, answer: normal(await ask(request)) })),
  );
  for (const { name, answer } of others) {
    if (!isDeepStrictEqual(answer, first!.answer)) {
      throw new Error(`${name} and ${first!.name} answer differently:\n${difference(answer, first!.answer)}`);
    }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: parsed JSON
export async function ask({ url, headers, body }: Request): Promise<any> {
  const response = await fetch(url, { method: body === undefined ? 'GET' : 'POST', headers, body });
  const answer = await response.json();
  if (!response.ok || answer.errors) throw new Error(`${url}: ${JSON.stringify(answer).slice(0, 500)}`);
  return answer;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** Converts times to milliseconds, because the peers truncate them, and replaces PostGraphile's names by ours. */
function normal(value: unknown): unknown {
  if (typeof value === 'string') return TIME.test(value) ? Date.parse(zoned(value)) : value;
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value;
  const row = renamed(value as Record<string, unknown>);
  return Object.fromEntries(Object.entries(row).map(([key, field]) => [key, normal(field)]));
}

const zoned = (time: string) => (/(Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time}Z`);

const names: Readonly<Record<string, string>> = {
  allScriptProfiles: 'scriptProfiles',
  accessGroupByAccountIdAndAccessGroupId: 'accessGroup',
  personByAccountIdAndCreatedById: 'createdBy',
  personByAccountIdAndCreatorId: 'creator',
  id: 'databaseId',
};

function renamed(row: Record<string, unknown>): Record<string, unknown> {
  if (!('id' in row || 'allScriptProfiles' in row)) return row;
  const { triggerKind, eventType, timestamp, isFinished, interval, startAfter, nextRun, lastRun, ...rest } =
    row;
  const named = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      names[key] ?? key,
      key === 'scriptId' || key === 'id' ? Number(value) : value,
    ]),
  );
  if (typeof named.status === 'string') named.status = named.status.toUpperCase();
  if (triggerKind === undefined) return named;
  const trigger = {
    event: { __typename: 'EventTrigger', eventType: (eventType as string)?.toUpperCase() },
    one_time: { __typename: 'OneTimeTrigger', timestamp, isFinished, nextRun, lastRun },
    recurring: { __typename: 'RecurringTrigger', interval, startAfter, nextRun, lastRun },
  }[triggerKind as string];
  return { ...named, trigger };
}

function difference(a: unknown, b: unknown): string {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return [one, other].map((text) => text.slice(Math.max(0, at - 80), at + 120)).join('\n');
}
