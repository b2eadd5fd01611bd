import { seconds } from './time.wire.ts';

export const eventFields = `databaseId action createdAt computerId entityType entityId entityTitle
  person { databaseId name email } changes { field }`;

export interface EventData {
  readonly databaseId: number;
  readonly action: string;
  readonly createdAt: string;
  readonly computerId: number | null;
  readonly entityType: string | null;
  readonly entityId: number | null;
  readonly entityTitle: string | null;
  readonly person: { readonly databaseId: number; readonly name: string; readonly email: string } | null;
  readonly changes: readonly { readonly field: string }[];
}

export const toEvent = (event: EventData) => ({
  id: event.databaseId,
  creation_time: seconds(event.createdAt),
  person_id: event.person?.databaseId ?? null,
  person_name: event.person?.name ?? (event.computerId === null ? null : `Computer ${event.computerId}`),
  entity_type: event.entityType && words(event.entityType.replace(/(?<=[a-z])(?=[A-Z])/g, ' ')),
  entity_id: event.entityId,
  entity_name: event.entityTitle,
  message: message(event),
});

/**
 * Returns `Role edited: Web team (permissions), by John Smith <john@example.com>`. Dashboards repeat the server's search
 * in this text, so it contains every value that the server searches.
 */
function message({ action, entityTitle, changes, person }: EventData): string {
  const about = entityTitle === null ? '' : `: ${entityTitle}`;
  // The changes of a new object list all of its fields, so the message omits them.
  const edited = action.endsWith('_EDITED') ? changes : [];
  const fields = edited.map(({ field }) => words(field.replace(/(?=[A-Z])/g, ' '), false));
  const changed = fields.length > 0 ? ` (${fields.join(', ')})` : '';
  return `${words(action)}${about}${changed}${person ? `, by ${person.name} <${person.email}>` : ''}`;
}

/** Converts `SCRIPT_ARCHIVED` and `Script Archived` to `Script archived`. */
function words(text: string, isStart = true): string {
  const lower = text.replaceAll('_', ' ').toLowerCase();
  return isStart ? lower.charAt(0).toUpperCase() + lower.slice(1) : lower;
}
