import { authorise, type Caller, type GroupPermission, holds, viewOf } from '../../domain/accounts/access.ts';
import { type Activity, isFinal } from '../../domain/activities/activity.ts';
import {
  type Change,
  type ComputerChange,
  computerChanges,
  type ScriptChange,
  type ScriptProfileChange,
  scriptChanges,
} from '../../domain/change.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import { notFound } from '../../domain/errors.ts';
import type { EventHead } from '../../domain/event.ts';
import { firstRows } from '../../domain/page.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { ScriptHead } from '../../domain/scripts/script.ts';
import type { EventFilter } from '../accounts/access-ports.ts';
import { type ActivitySearch, activityService } from '../activities/activities.ts';
import { computerService } from '../computers/computers.ts';
import { eventService } from '../event-log.ts';
import type { Store } from '../ports.ts';
import { scriptProfileService } from '../script-profiles/script-profiles.ts';
import { scriptService } from '../scripts/scripts.ts';
import { type Delivery, SharedSubscription, type Topic } from './watch.ts';

/** News of one of many things. */
export interface ThingEvent<Thing, What> {
  /** As it is now. Null when anything may have changed, and when it is gone. */
  readonly thing: Thing | null;
  /** The number of one that the caller saw, and does not see any more. */
  readonly goneId: number | null;
  /** In the order in which they happened. */
  readonly changes: readonly What[];
}

export interface RunProgressEvent {
  readonly activity: Activity;
}

export interface ActivityFeedEvent {
  readonly activities: readonly Activity[];
  /** Whether these are the account's newest runs, and not what came since the last event. */
  readonly isSnapshot: boolean;
}

export interface EventFeedEvent {
  readonly events: readonly EventHead[];
  /** Whether these are the newest events, and not what came since the last one. */
  readonly isSnapshot: boolean;
}

/** How things of one kind are followed. */
interface Things<Thing, What> {
  readonly name: string;
  readonly permission: GroupPermission;
  find(ids: readonly number[]): Promise<readonly (Thing | undefined)[]>;
  /** Which one a change is about; undefined for none. */
  newsOf(
    change: Change,
  ): { readonly id: number; readonly what: What; readonly accessGroupId?: number } | undefined;
}

type Events<Event> = AsyncIterableIterator<Delivery<Event>>;
interface Listener {
  readonly personId: number;
  hear(): void;
}

/** The newest runs or events that a feed begins with; news of more at once are told as a new beginning. */
const SNAPSHOT = 50;

/** What changes, told as it happens. Whoever watches the same and may see the same shares the looks at it. */
export function liveService(store: Store, report: (fault: unknown) => void) {
  const scriptProfiles = scriptProfileService(store);
  const computers = computerService(store);
  const scripts = scriptService(store);
  const activities = activityService(store);
  const events = eventService(store);
  /** By account, and by what is watched with which view. */
  const watches = new Map<number, Map<string, SharedSubscription<unknown>>>();
  const listeners = new Map<number, Set<Listener>>();

  function watch<Event>(
    caller: Caller,
    what: string,
    watched: Topic<Event>,
    onOverflow: () => void,
  ): Events<Event> {
    const ofAccount = entry(watches, caller.accountId, () => new Map<string, SharedSubscription<unknown>>());
    const key = `${what} ${viewOf(caller)}`;
    const onDeserted = () => {
      ofAccount.delete(key);
      if (ofAccount.size === 0) watches.delete(caller.accountId);
    };
    const shared = entry(
      ofAccount,
      key,
      () => new SharedSubscription<unknown>(watched as Topic<unknown>, { onDeserted, report }),
    );
    return (shared as unknown as SharedSubscription<Event>).join(onOverflow);
  }

  return {
    /** What a transaction of any process announced; undefined when some may have been missed. */
    deliver(change: Change | undefined): void {
      if (change?.kind === 'access') {
        for (const { personId, hear } of listeners.get(change.accountId) ?? []) {
          if (change.personId === null || change.personId === personId) hear();
        }
        return;
      }
      const concerned = change ? [watches.get(change.accountId)] : [...watches.values()];
      for (const ofAccount of concerned) for (const one of ofAccount?.values() ?? []) one.notify(change);
    },

    /** Hears when it may have changed whether the caller gets in, or what they see. Answers with how to stop that. */
    onAccessChange({ accountId, personId }: Caller, hear: () => void): () => void {
      const ofAccount = entry(listeners, accountId, () => new Set<Listener>());
      const listener = { personId, hear };
      ofAccount.add(listener);
      return () => {
        ofAccount.delete(listener);
        if (ofAccount.size === 0 && listeners.get(accountId) === ofAccount) listeners.delete(accountId);
      };
    },

    /** One profile, or all that the caller sees. */
    scriptProfiles(caller: Caller, id: number | null, onOverflow: () => void) {
      const things: Things<ScriptProfile, ScriptProfileChange> = {
        name: 'script profile',
        permission: 'ViewScriptProfile',
        find: (ids) => scriptProfiles.byIds(caller, ids),
        newsOf: (change) =>
          change.kind === 'scriptProfile' ? { id: change.id, what: change.change } : undefined,
      };
      return watch(caller, `profile ${id ?? 'any'}`, watchedThings(caller, id, things), onOverflow);
    },

    /** One computer, or all that the caller sees. */
    computers(caller: Caller, id: number | null, onOverflow: () => void) {
      const things: Things<Computer, ComputerChange> = {
        name: 'computer',
        permission: 'ViewComputer',
        find: (ids) => computers.byIds(caller, ids),
        newsOf: (change) => deedTo('Computer', computerChanges, change),
      };
      return watch(caller, `computer ${id ?? 'any'}`, watchedThings(caller, id, things), onOverflow);
    },

    /** One script, or all that the caller sees. */
    scripts(caller: Caller, id: number | null, onOverflow: () => void) {
      const things: Things<ScriptHead, ScriptChange> = {
        name: 'script',
        permission: 'ViewScript',
        find: (ids) => scripts.byIds(caller, ids),
        newsOf: (change) => deedTo('Script', scriptChanges, change),
      };
      return watch(caller, `script ${id ?? 'any'}`, watchedThings(caller, id, things), onOverflow);
    },

    /** The event log as it grows. */
    events(caller: Caller, filter: EventFilter, onOverflow: () => void): Events<EventFeedEvent> {
      const watched: Topic<EventFeedEvent> = {
        concerns: (change) => change.kind === 'event' && (filter.actions?.includes(change.action) ?? true),
        async current() {
          const { rows } = await events.page(caller, { filter, ...newest('CREATED_AT') });
          return { events: rows, isSnapshot: true };
        },
        async since(changes) {
          const ids = changes.flatMap((change) => (change.kind === 'event' ? [change.id] : []));
          const { rows } = await events.page(caller, { filter: { ...filter, ids }, ...oldest('CREATED_AT') });
          return rows.length > 0 ? [{ events: rows, isSnapshot: false }] : [];
        },
      };
      return watch(caller, `events ${JSON.stringify(filter)}`, watched, onOverflow);
    },

    /** Until the run is over. */
    runProgress(caller: Caller, id: number, onOverflow: () => void): Events<RunProgressEvent> {
      const current = async () => {
        const [activity] = await activities.byIds(caller, [id]);
        if (!activity?.counts) throw notFound('run', id, 'activityId');
        return { activity };
      };
      const watched: Topic<RunProgressEvent> = {
        concerns: (change) => change.kind === 'run' && change.id === id,
        current,
        since: async () => [await current()],
        isLast: ({ activity }) => isFinal(activity.status),
      };
      return watch(caller, `run ${id}`, watched, onOverflow);
    },

    /** Runs of the account as they begin and end. */
    activityFeed(caller: Caller, search: ActivitySearch, onOverflow: () => void): Events<ActivityFeedEvent> {
      const types = (search.types ?? ['ActivityGroup']).filter((type) => type === 'ActivityGroup');
      const filter = { ...search, types };
      const watched: Topic<ActivityFeedEvent> = {
        concerns: (change) => change.kind === 'run' && change.change !== 'PROGRESSED',
        async current() {
          const { rows } = await activities.page(caller, { filter, ...newest('CREATION_TIME') });
          return { activities: rows, isSnapshot: true };
        },
        async since(changes) {
          const ids = changes.flatMap((change) => (change.kind === 'run' ? [change.id] : []));
          const listing = { filter: { ...filter, ids }, ...oldest('CREATION_TIME') };
          const { rows } = await activities.page(caller, listing);
          return rows.length > 0 ? [{ activities: rows, isSnapshot: false }] : [];
        },
      };
      return watch(caller, `feed ${JSON.stringify(filter)}`, watched, onOverflow);
    },
  };
}

const sorted =
  (direction: 'ASC' | 'DESC') =>
  <Field extends string>(field: Field) => ({
    order: { field, direction },
    window: firstRows(SNAPSHOT),
  });
const newest = sorted('DESC');
/** Of news, which are fewer. */
const oldest = sorted('ASC');

/** What the event log has of a thing of this type. */
function deedTo<What extends string>(type: string, whats: readonly What[], change: Change) {
  if (change.kind !== 'event' || change.entity?.type !== type || change.entity.id === null) return undefined;
  const { id, accessGroupId } = change.entity;
  const prefix = `${type.toUpperCase()}_`;
  const what = whats.find((each) => change.action === prefix + each);
  return what && { id, what, accessGroupId };
}

/** By it, what is in groups may be in others, or in groups of other names. */
const movesGroups = (change: Change): boolean =>
  change.kind === 'event' && /^ACCESS_GROUP_(EDITED|DELETED)$/.test(change.action);

/** One thing, or all of the account's: then how things are is for the subscriber to look up. */
function watchedThings<Thing, What>(
  caller: Caller,
  id: number | null,
  { name, permission, find, newsOf }: Things<Thing, What>,
): Topic<ThingEvent<Thing, What>> {
  async function current(): Promise<ThingEvent<Thing, What>> {
    if (id === null) {
      authorise(caller, permission);
      return { thing: null, goneId: null, changes: [] };
    }
    const [thing] = await find([id]);
    if (!thing) throw notFound(name, id);
    return { thing, goneId: null, changes: [] };
  }
  return {
    current,
    concerns(change) {
      const news = newsOf(change);
      return news ? id === null || news.id === id : movesGroups(change);
    },
    async since(changes) {
      if (changes.some(movesGroups)) return [await current()];
      const news = changes.flatMap((change) => newsOf(change) ?? []);
      const ids = [...new Set(news.map((each) => each.id))];
      const found = await find(ids);
      return ids.flatMap((each, index): ThingEvent<Thing, What>[] => {
        const own = news.filter((one) => one.id === each);
        const told = { changes: own.map(({ what }) => what) };
        const thing = found[index];
        if (thing) return [{ ...told, thing, goneId: null }];
        const wasSeen = own.some(
          ({ accessGroupId }) => accessGroupId !== undefined && holds(caller, permission, accessGroupId),
        );
        if (wasSeen) return [{ ...told, thing: null, goneId: each }];
        if (id !== null) throw notFound(name, id);
        return [];
      });
    },
    isLast: ({ goneId }) => id !== null && goneId !== null,
  };
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
