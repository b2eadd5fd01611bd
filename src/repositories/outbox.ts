import type { Prisma } from '../database/generated/client.ts';
import { type Connection, sql, texts } from '../database/sql.ts';
import type { Change } from '../domain/change.ts';
import type { LoggedEvent } from '../domain/event.ts';
import type { Outbox } from '../services/ports.ts';
import { CLOCK_CHANNEL } from './activities/runs.ts';
import { CHANGES_CHANNEL } from './changes.ts';

/**
 * Collects the events and notifications of a transaction and sends them together at its end. So the statements before
 * that do not spend time on them while other transactions wait for the locks.
 */
export function newOutbox(): Outbox & { send(connection: Connection): Promise<void> } {
  const events: { readonly accountId: number; readonly event: Omit<LoggedEvent, 'id'> }[] = [];
  /** Distinct notifications: a channel with its payload. */
  const notifications = new Map<string, readonly [channel: string, payload: string]>();
  const notify = (channel: string, payload: string) =>
    notifications.set(`${channel} ${payload}`, [channel, payload]);

  const announce = (...changes: readonly Change[]) => {
    for (const change of changes) notify(CHANGES_CHANNEL, JSON.stringify(change));
  };

  return {
    announce,
    wakeClocks() {
      notify(CLOCK_CHANNEL, '');
    },
    log(accountId, more) {
      for (const event of more) events.push({ accountId, event });
    },
    async send(connection) {
      const ids = await enter(connection, events);
      for (const [index, { accountId, event }] of events.entries()) {
        const { action, entity } = event;
        const about = entity && { type: entity.type, id: entity.id, accessGroupId: entity.accessGroupId };
        announce({ kind: 'event', accountId, id: ids[index]!, action, entity: about });
      }
      if (notifications.size === 0) return;
      const all = [...notifications.values()];
      const [channels, payloads] = [all.map(([channel]) => channel), all.map(([, payload]) => payload)];
      await connection.$executeRaw(sql`
        select pg_notify(channel, payload)
        from unnest(${texts(channels)}, ${texts(payloads)}) as notifications(channel, payload)`);
    },
  };
}

/** The ids, in the order of the events. */
async function enter(
  connection: Connection,
  events: readonly { readonly accountId: number; readonly event: Omit<LoggedEvent, 'id'> }[],
): Promise<number[]> {
  if (events.length === 0) return [];
  const data = events.map(({ accountId, event }) => columnsOf(accountId, event));
  const entered = await connection.event.createManyAndReturn({ data, select: { id: true } });
  return entered.map(({ id }) => Number(id)).toSorted((a, b) => a - b);
}

const columnsOf = (
  accountId: number,
  { action, createdAt, person, computerId, address, requestId, entity, changes }: Omit<LoggedEvent, 'id'>,
): Prisma.EventCreateManyInput => ({
  accountId,
  action,
  createdAt,
  personId: person?.id ?? null,
  personName: person?.name ?? null,
  personEmail: person?.email ?? null,
  computerId,
  address,
  requestId,
  entityType: entity?.type ?? null,
  entityId: entity?.id ?? null,
  entityTitle: entity?.title ?? null,
  changes: changes as Prisma.InputJsonObject,
});
