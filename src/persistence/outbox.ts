import type { LoggedEvent } from '../domain/event.ts';
import type { Outbox } from '../services/ports.ts';
import { CHANGES_CHANNEL } from './changes.ts';
import { CLOCK_CHANNEL } from './runs.ts';
import { type Connection, sql, texts } from './sql.ts';

const columns = sql`account_id, action, created_at, person_id, person_name, person_email, computer_id, address, request_id,
  entity_type, entity_id, entity_title, changes`;

/**
 * Gathers what a transaction says, and says it in one statement at its end: while others wait for its locks, no
 * statement is spent on anybody who hears of it only afterwards.
 */
export function newOutbox(): Outbox & { send(connection: Connection): Promise<void> } {
  const events: object[] = [];
  /** Each once: a channel, with what is said on it. */
  const notifications = new Map<string, readonly [channel: string, payload: string]>();
  const notify = (channel: string, payload: string) =>
    notifications.set(`${channel} ${payload}`, [channel, payload]);

  return {
    announce(...changes) {
      for (const change of changes) notify(CHANGES_CHANNEL, JSON.stringify(change));
    },
    wakeClocks() {
      notify(CLOCK_CHANNEL, '');
    },
    log(accountId, more) {
      for (const event of more) events.push(rowOf(accountId, event));
    },
    async send(connection) {
      const said = [...notifications.values()];
      const notifying = sql`
        select pg_notify(channel, payload)
        from unnest(${texts(said.map(([channel]) => channel))}, ${texts(said.map(([, payload]) => payload))})
          as notifications(channel, payload)`;
      const logging = sql`
        insert into event (${columns}) select ${columns}
        from json_populate_recordset(null::event, ${JSON.stringify(events)}::json)`;
      if (events.length > 0 && said.length > 0)
        await connection.$executeRaw(sql`with logged as (${logging}) ${notifying}`);
      else if (events.length > 0) await connection.$executeRaw(logging);
      else if (said.length > 0) await connection.$executeRaw(notifying);
    },
  };
}

const rowOf = (
  accountId: number,
  { action, createdAt, person, computerId, address, requestId, entity, changes }: Omit<LoggedEvent, 'id'>,
) => ({
  account_id: accountId,
  action,
  created_at: createdAt,
  person_id: person?.id,
  person_name: person?.name,
  person_email: person?.email,
  computer_id: computerId,
  address,
  request_id: requestId,
  entity_type: entity?.type,
  entity_id: entity?.id,
  entity_title: entity?.title,
  changes,
});
