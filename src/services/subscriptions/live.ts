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

/** An event about one object. */
export interface ThingEvent<Thing, What> {
  /** The current state. Null if anything may have changed, or if the object no longer exists. */
  readonly thing: Thing | null;
  /** Id of an object that the caller could see before, and can no longer see. */
  readonly goneId: number | null;
  /** In chronological order. */
  readonly changes: readonly What[];
}

export interface RunProgressEvent {
  readonly activity: Activity;
}

export interface ActivityFeedEvent {
  readonly activities: readonly Activity[];
  /** Whether these are the newest runs of the account. Otherwise they are the runs since the last event. */
  readonly isSnapshot: boolean;
}

export interface EventFeedEvent {
  readonly events: readonly EventHead[];
  /** Whether these are the newest entries. Otherwise they are the entries since the last event. */
  readonly isSnapshot: boolean;
}

/** How to subscribe to objects of one kind. */
interface Things<Thing, What> {
  readonly name: string;
  readonly permission: GroupPermission;
  find(ids: readonly number[]): Promise<readonly (Thing | undefined)[]>;
  /** The object of a change. Undefined if the change is about another kind. */
  newsOf(
    change: Change,
  ): { readonly id: number; readonly what: What; readonly accessGroupId?: number } | undefined;
}

type Events<Event> = AsyncIterableIterator<Delivery<Event>>;
interface Listener {
  readonly personId: number;
  onChange(): void;
}

/**
 * Number of runs or events in the snapshot at the start of a feed. If more change at once, a new snapshot is
 * sent.
 */
const SNAPSHOT_SIZE = 50;

/** Subscriptions to changes. Subscribers with the same topic and the same view share their database reads. */
export function liveService(store: Store, report: (fault: unknown) => void) {
  const scriptProfiles = scriptProfileService(store);
  const computers = computerService(store);
  const scripts = scriptService(store);
  const activities = activityService(store);
  const events = eventService(store);
  /** Subscriptions by account, then by topic and view. */
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
    /** Processes a change that any process has published. Undefined if some changes may have been missed. */
    deliver(change: Change | undefined): void {
      if (change?.kind === 'access') {
        for (const { personId, onChange } of listeners.get(change.accountId) ?? []) {
          if (change.personId === null || change.personId === personId) onChange();
        }
        return;
      }
      const concerned = change ? [watches.get(change.accountId)] : [...watches.values()];
      for (const ofAccount of concerned) for (const one of ofAccount?.values() ?? []) one.notify(change);
    },

    /**
     * Calls `onChange` when the caller's access or visible objects may have changed. Returns a function that
     * removes the listener.
     */
    onAccessChange({ accountId, personId }: Caller, onChange: () => void): () => void {
      const ofAccount = entry(listeners, accountId, () => new Set<Listener>());
      const listener = { personId, onChange };
      ofAccount.add(listener);
      return () => {
        ofAccount.delete(listener);
        if (ofAccount.size === 0 && listeners.get(accountId) === ofAccount) listeners.delete(accountId);
      };
    },

    /** Subscribes to one profile, or to all that the caller can see. */
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

    /** Subscribes to one computer, or to all that the caller can see. */
    computers(caller: Caller, id: number | null, onOverflow: () => void) {
      const things: Things<Computer, ComputerChange> = {
        name: 'computer',
        permission: 'ViewComputer',
        find: (ids) => computers.byIds(caller, ids),
        newsOf: (change) => deedTo('Computer', computerChanges, change),
      };
      return watch(caller, `computer ${id ?? 'any'}`, watchedThings(caller, id, things), onOverflow);
    },

    /** Subscribes to one script, or to all that the caller can see. */
    scripts(caller: Caller, id: number | null, onOverflow: () => void) {
      const things: Things<ScriptHead, ScriptChange> = {
        name: 'script',
        permission: 'ViewScript',
        find: (ids) => scripts.byIds(caller, ids),
        newsOf: (change) => deedTo('Script', scriptChanges, change),
      };
      return watch(caller, `script ${id ?? 'any'}`, watchedThings(caller, id, things), onOverflow);
    },

    /** Subscribes to new entries of the event log. */
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

    /** Subscribes to a run until it ends. */
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

    /** Subscribes to runs that start or end in the account. */
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
    window: firstRows(SNAPSHOT_SIZE),
  });
const newest = sorted('DESC');
/** For the few new rows. */
const oldest = sorted('ASC');

/** The change of an object of this type, taken from an event of the event log. */
function deedTo<What extends string>(type: string, whats: readonly What[], change: Change) {
  if (change.kind !== 'event' || change.entity?.type !== type || change.entity.id === null) return undefined;
  const { id, accessGroupId } = change.entity;
  const prefix = `${type.toUpperCase()}_`;
  const what = whats.find((each) => change.action === prefix + each);
  return what && { id, what, accessGroupId };
}

/** Whether a change may move objects between access groups or rename their groups. */
const movesGroups = (change: Change): boolean =>
  change.kind === 'event' && /^ACCESS_GROUP_(EDITED|DELETED)$/.test(change.action);

/**
 * The topic of one object, or of all objects in the account. The latter has no initial state, so subscribers
 * read it separately.
 */
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
        const changed = { changes: own.map(({ what }) => what) };
        const thing = found[index];
        if (thing) return [{ ...changed, thing, goneId: null }];
        const wasSeen = own.some(
          ({ accessGroupId }) => accessGroupId !== undefined && holds(caller, permission, accessGroupId),
        );
        if (wasSeen) return [{ ...changed, thing: null, goneId: each }];
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
