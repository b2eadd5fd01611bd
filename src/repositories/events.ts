import {
  bigints,
  type Connection,
  contains,
  inOrderOf,
  instant,
  rows,
  type Sql,
  sql,
  texts,
  timestamp,
  within,
} from '../database/sql.ts';
import type { EventHead, LoggedEvent, NumberedType } from '../domain/event.ts';
import type { Instant } from '../domain/time.ts';
import type { EventFilter, EventOrderField, EventRepository } from '../services/accounts/access-ports.ts';
import type { Sorted } from '../services/listing.ts';
import { count, countsOf, type List, owners, page, pagesOf, type SortColumns } from './listing.ts';

const columns = sql`
  e.id, e.action, ${instant('e.created_at')} as "createdAt",
  case when e.person_id is not null
    then json_build_object('id', e.person_id, 'name', e.person_name, 'email', e.person_email) end as person,
  e.computer_id as "computerId", e.address, e.request_id as "requestId",
  case when e.entity_type is not null
    then json_build_object('type', e.entity_type, 'id', e.entity_id, 'title', e.entity_title) end as entity,
  octet_length(e.changes::text) as "changesLength"`;

const from = sql`event e`;

const sortColumns: SortColumns<EventOrderField> = { CREATED_AT: { name: 'created_at', type: 'timestamptz' } };

/** @param currentTime called only if the filter has `lastDays` */
export const eventRepository = (
  connection: Connection,
  currentTime: () => Promise<Sql>,
): EventRepository => ({
  async page(accountId, { filter, ...listing }) {
    const events = await list(accountId, filter, currentTime);
    return page<Sorted<EventHead>, EventOrderField>(connection, events, sortColumns, listing);
  },

  count: async (accountId, filter) => count(connection, await list(accountId, filter, currentTime)),

  pagesOf: async (accountId, { type, ids }, { filter, ...listing }) =>
    pagesOf<Sorted<EventHead>, EventOrderField>(
      connection,
      owners(ids),
      ids.length,
      ofOwner(await list(accountId, filter, currentTime), type),
      sortColumns,
      listing,
    ),

  countsOf: async (accountId, { type, ids }, filter) =>
    countsOf(connection, ids, ofOwner(await list(accountId, filter, currentTime), type)),

  byIds: async (accountId, ids) =>
    inOrderOf(
      ids,
      await rows<EventHead>(
        connection,
        sql`select ${columns} from ${from} where e.account_id = ${accountId}::bigint and e.id = any(${bigints(ids)})`,
      ),
    ),

  async changesOf(accountId, ids) {
    const found = await rows<Pick<LoggedEvent, 'id' | 'changes'>>(
      connection,
      sql`select e.id, e.changes from ${from} where e.account_id = ${accountId}::bigint and e.id = any(${bigints(ids)})`,
    );
    return inOrderOf(ids, found).map((event) => event?.changes);
  },

  forget: (accountId, before, most) => forget(connection, accountId, before, most),
});

async function forget(
  connection: Connection,
  accountId: number,
  before: Instant,
  most: number,
): Promise<number> {
  // Allow the deletion in this transaction only, because the table otherwise rejects it.
  // Citus passes SET on to the worker, whose trigger reads it, but not set_config().
  await connection.$executeRaw(sql`set local script_profiles.event_retention to 'on'`);
  return connection.$executeRaw(sql`
    delete from event where account_id = ${accountId}::bigint and id in (
      select id from event where account_id = ${accountId}::bigint and created_at < ${timestamp(before)}
      order by created_at, id limit ${most}::int)`);
}

/** Limits a list to events about each owner. All owners have the same type. */
const ofOwner = (all: List, type: NumberedType): List => ({
  ...all,
  where: [...all.where, sql`e.entity_type = ${type} and e.entity_id = owner.id`],
});

async function list(
  accountId: number,
  { ids, actions, personId, entity, createdAt, lastDays, search }: EventFilter,
  currentTime: () => Promise<Sql>,
): Promise<List> {
  const where = [sql`e.account_id = ${accountId}::bigint`];
  if (ids) where.push(sql`e.id = any(${bigints(ids)})`);
  if (actions) where.push(sql`e.action = any(${texts(actions)})`);
  if (personId != null) where.push(sql`e.person_id = ${personId}::bigint`);
  if (entity) where.push(sql`e.entity_type = ${entity.type} and e.entity_id = ${entity.id}::bigint`);
  where.push(...within(sql`e.created_at`, createdAt));
  if (lastDays != null)
    where.push(sql`e.created_at >= ${await currentTime()} - make_interval(days => ${lastDays}::int)`);
  if (search != null)
    where.push(sql`(
      ${contains(sql`replace(e.action, '_', ' ')`, search)} or ${contains(sql`e.entity_title`, search)}
      or ${contains(sql`e.person_name`, search)} or ${contains(sql`e.person_email`, search)})`);
  return { columns, from, alias: 'e', where };
}
