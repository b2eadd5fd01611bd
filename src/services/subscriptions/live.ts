import { authorise, type Caller, viewOf } from '../../domain/accounts/access.ts';
import { type Activity, isFinal } from '../../domain/activities/activity.ts';
import type { Change, ScriptProfileChange } from '../../domain/change.ts';
import { notFound } from '../../domain/errors.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { activityService } from '../activities/activities.ts';
import type { Store } from '../ports.ts';
import { scriptProfileService } from '../script-profiles/script-profiles.ts';
import { type Delivery, SharedSubscription, type Topic } from './watch.ts';

export interface ScriptProfileEvent {
  /** Null when anything may have changed. */
  readonly scriptProfile: ScriptProfile | null;
  /** In the order in which they happened. */
  readonly changes: readonly ScriptProfileChange[];
}

export interface RunProgressEvent {
  readonly activity: Activity;
}

export interface ActivityFeedEvent {
  readonly activities: readonly Activity[];
  /** Whether these are the account's newest runs, and not what came since the last event. */
  readonly isSnapshot: boolean;
}

type Events<Event> = AsyncIterableIterator<Delivery<Event>>;
interface Listener {
  readonly personId: number;
  hear(): void;
}

/** The newest runs that a feed begins with. */
const SNAPSHOT = 50;

/** What changes, told as it happens. Whoever watches the same and may see the same shares the looks at it. */
export function liveService(store: Store, report: (fault: unknown) => void) {
  const scriptProfiles = scriptProfileService(store);
  const activities = activityService(store);
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

    /** One profile, or all of the account's: then how things are is for the subscriber to look up. */
    scriptProfiles(caller: Caller, id: number | null, onOverflow: () => void): Events<ScriptProfileEvent> {
      const find = (ids: readonly number[]) => scriptProfiles.byIds(caller, ids);
      const one = async (changes: readonly ScriptProfileChange[]) => {
        const [scriptProfile] = await find([id!]);
        if (!scriptProfile) throw notFound('script profile', id);
        return { scriptProfile, changes };
      };
      const watched: Topic<ScriptProfileEvent> = {
        concerns: (change) => change.kind === 'scriptProfile' && (id === null || change.id === id),
        async current() {
          if (id !== null) return one([]);
          authorise(caller, 'ViewScriptProfile');
          return { scriptProfile: null, changes: [] };
        },
        async since(changes) {
          const byProfile = new Map<number, ScriptProfileChange[]>();
          for (const change of changes) {
            if (change.kind === 'scriptProfile') entry(byProfile, change.id, () => []).push(change.change);
          }
          if (id !== null) return [await one(byProfile.get(id)!)];
          const found = await find([...byProfile.keys()]);
          return found.flatMap((scriptProfile) =>
            scriptProfile ? [{ scriptProfile, changes: byProfile.get(scriptProfile.id)! }] : [],
          );
        },
      };
      return watch(caller, `profile ${id ?? 'any'}`, watched, onOverflow);
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
    activityFeed(caller: Caller, onOverflow: () => void): Events<ActivityFeedEvent> {
      const watched: Topic<ActivityFeedEvent> = {
        concerns: (change) => change.kind === 'run' && change.change !== 'PROGRESSED',
        async current() {
          const { rows } = await activities.page(caller, newestRuns);
          return { activities: rows, isSnapshot: true };
        },
        async since(changes) {
          const ids = new Set(changes.flatMap((change) => (change.kind === 'run' ? [change.id] : [])));
          const found = (await activities.byIds(caller, [...ids])).filter((run) => run !== undefined);
          return found.length > 0 ? [{ activities: found, isSnapshot: false }] : [];
        },
      };
      return watch(caller, 'feed', watched, onOverflow);
    },
  };
}

const newestRuns = {
  filter: { types: ['ActivityGroup'] },
  order: { field: 'CREATION_TIME', direction: 'DESC' },
  window: { limit: SNAPSHOT, fromEnd: false, offset: 0, after: null, before: null },
} as const;

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
