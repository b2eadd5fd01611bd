import { authorise, type Caller, Forbidden, holds, type Origin } from '../domain/accounts/access.ts';
import type { Changes, Deed, Entity, EventHead } from '../domain/event.ts';
import type { Slice } from '../domain/page.ts';
import type { Instant } from '../domain/time.ts';
import type { Entities, EventFilter, EventOrderField } from './accounts/access-ports.ts';
import { aroundCalls } from './around-calls.ts';
import type { Listing, Sorted } from './listing.ts';
import type { Outbox, Store } from './ports.ts';

/** The person or computer that performed an action, or a client with the account's registration key. */
export interface Actor {
  readonly accountId: number;
  readonly personId?: number;
  readonly name?: string;
  readonly email?: string;
  readonly computerId?: number;
  readonly origin?: Origin;
}

export function eventService({ read }: Store) {
  return {
    page(caller: Caller, listing: Listing<EventFilter, EventOrderField>) {
      authorise(caller, 'ViewEventLog');
      return read.events.page(caller.accountId, listing);
    },

    count(caller: Caller, filter: EventFilter) {
      authorise(caller, 'ViewEventLog');
      return read.events.count(caller.accountId, filter);
    },

    /** A page of each object's events. Null if the caller lacks ViewEventLog. */
    async pagesOf(
      caller: Caller,
      entities: Entities,
      listing: Listing<EventFilter, EventOrderField>,
    ): Promise<(Slice<Sorted<EventHead>> | null)[]> {
      return holds(caller, 'ViewEventLog')
        ? read.events.pagesOf(caller.accountId, entities, listing)
        : entities.ids.map(() => null);
    },

    countsOf(caller: Caller, entities: Entities, filter: EventFilter) {
      authorise(caller, 'ViewEventLog');
      return read.events.countsOf(caller.accountId, entities, filter);
    },

    /** In the order of the ids. Undefined for an event that the caller cannot see. */
    async byIds(caller: Caller, ids: readonly number[]): Promise<(EventHead | undefined)[]> {
      return holds(caller, 'ViewEventLog')
        ? read.events.byIds(caller.accountId, ids)
        : ids.map(() => undefined);
    },

    /** The changes of each event. Empty if the event was deleted. */
    async changesOf(caller: Caller, ids: readonly number[]): Promise<Changes[]> {
      authorise(caller, 'ViewEventLog');
      const changes = await read.events.changesOf(caller.accountId, ids);
      return changes.map((each) => each ?? {});
    },
  };
}

export const accountEntity = ({ accountId, accountName }: Caller): Entity => ({
  type: 'Account',
  id: accountId,
  title: accountName,
});

/**
 * Records actions in the event log. The events are stored in the transaction of the actions, so neither
 * exists without the other.
 */
export function record(
  tx: Pick<Outbox, 'log'>,
  { accountId, personId, name = '', email = '', computerId, origin }: Actor,
  at: Instant,
  ...deeds: readonly Deed[]
): void {
  const by = {
    createdAt: at,
    person: personId === undefined ? null : { id: personId, name, email },
    computerId: computerId ?? null,
    address: origin?.address ?? null,
    requestId: origin?.requestId ?? null,
  };
  const events = deeds.map(({ action, entity = null, changes = {} }) => ({ ...by, action, entity, changes }));
  tx.log(accountId, events);
}

/**
 * Records refused permissions in the event log. The refusal has rolled back its own transaction, so another
 * one stores the event. Repeated refusals of a view permission within one request are recorded once.
 */
export function auditingDenials<Service extends object>(
  store: Store,
  name: string,
  service: Service,
): Service {
  const recorded = new WeakMap<object, Set<string>>();

  async function recordDenial(who: object, method: string, { permission, about }: Forbidden): Promise<void> {
    const actor = 'caller' in who ? (who.caller as Caller) : (who as Caller);
    const before = recorded.get(actor) ?? new Set();
    if (permission.startsWith('View') && before.has(permission)) return;
    recorded.set(actor, before.add(permission));
    const changes = {
      permission: { from: null, to: permission },
      operation: { from: null, to: `${name}.${method}` },
    };
    await store.transaction(async (tx, now) =>
      record(tx, actor, now, { action: 'PERMISSION_REFUSED', entity: about, changes }),
    );
  }

  return aroundCalls(service, async ({ method, args, proceed }) => {
    try {
      return await proceed();
    } catch (error) {
      if (error instanceof Forbidden) await recordDenial(args[0] as object, method, error);
      throw error;
    }
  });
}
