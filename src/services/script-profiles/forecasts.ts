import { authorise, type Caller, scopeOf, wholeAccount } from '../../domain/accounts/access.ts';
import { groupAndAbove } from '../../domain/accounts/access-group.ts';
import { type Reason, TargetIndex } from '../../domain/computers/association.ts';
import { Reach } from '../../domain/computers/cohort.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import { type Agenda, agenda, agendaRange } from '../../domain/schedule/agenda.ts';
import { computerAgendas } from '../../domain/schedule/computer-agenda.ts';
import type { Occurrence } from '../../domain/schedule/conflicts.ts';
import type { Moment } from '../../domain/schedule/forecast.ts';
import { firstFirings } from '../../domain/script-profiles/preview.ts';
import { associationTarget, type ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { Instant } from '../../domain/time.ts';
import { inSlices, mapInSlices } from '../fairness/slices.ts';
import type { Repositories, Store } from '../ports.ts';
import { type ForecastRun, forecastRun } from './previews.ts';

/** A profile that matches a computer, and the reason. */
export interface Targeting extends Reason {
  readonly scriptProfile: ScriptProfile;
}

/** Number of runs that can be predicted in a few milliseconds. */
const RUNS_OF_SLICE = 100;

/** Forecasts of future runs. They are computed for each request and never stored. */
export function forecastService(store: Store) {
  /** Takes no lock, because any edit would make the forecast obsolete anyway. */
  const forecast = <Result>(
    caller: Caller,
    work: (tx: Repositories, moment: Moment) => Promise<Result>,
  ): Promise<Result> =>
    store.transaction(async (tx, now) => work(tx, { now, limits: await tx.limits.of(caller.accountId) }));
  return {
    /** The next runs of each profile. */
    runsOf: (caller: Caller, profiles: readonly ScriptProfile[], most: number): Promise<ForecastRun[][]> =>
      forecast(caller, async (tx, moment) => {
        const account = wholeAccount(caller.accountId);
        const counts = await tx.computers.countReached(account, profiles.map(associationTarget));
        return mapInSlices(profiles, (profile, index) =>
          firstFirings(profile, moment, most).map((firing) =>
            forecastRun(firing, profile, counts[index]!.all, moment.limits),
          ),
        );
      }),

    /**
     * The runs in the account within a period, of the profiles that the caller can see.
     * @throws Refusal INVALID_INPUT, FORBIDDEN
     */
    async agenda(caller: Caller, range: { from?: Instant | null; to?: Instant | null }): Promise<Agenda> {
      authorise(caller, 'ViewScriptProfile');
      return forecast(caller, async (tx, moment) => {
        const within = agendaRange(range, moment.now);
        const profiles = await tx.scriptProfiles.scheduled(scopeOf(caller, 'ViewScriptProfile'));
        const reach = new Reach(await tx.computers.cohorts(caller.accountId));
        return inSlices(agenda(profiles, reach, within, moment), RUNS_OF_SLICE);
      });
    },

    /**
     * Finds the profiles that reach each computer, by id. The next run of such a profile includes the computer, unless the
     * profile is paused. Reads the profiles once for any number of computers.
     */
    async targeting(caller: Caller): Promise<FindTargeting> {
      const profiles = await store.read.scriptProfiles.active(scopeOf(caller, 'ViewScriptProfile'));
      return findTargeting(store.read, caller, profiles);
    },

    /** The next runs on each computer. */
    runsAt: (caller: Caller, computers: readonly Computer[], most: number): Promise<Occurrence[][]> =>
      forecast(caller, async (tx, moment) => {
        const scheduled = await tx.scriptProfiles.scheduled(scopeOf(caller, 'ViewScriptProfile'));
        const reach = new Reach(await tx.computers.cohorts(caller.accountId));
        const agendaOf = computerAgendas(reach, moment, most);
        const targetingOf = await findTargeting(tx, caller, scheduled);
        const targeting = await targetingOf(computers);
        // Computers of the same cohort share their array of reasons, and therefore their agenda.
        const agendas = new Map<readonly Targeting[], Occurrence[]>();
        return mapInSlices(targeting, (reasons) => {
          const found = agendas.get(reasons) ?? agendaOf(reasons.map(({ scriptProfile }) => scriptProfile));
          agendas.set(reasons, found);
          return found;
        });
      }),
  };
}

type FindTargeting = (computers: readonly Computer[]) => Promise<Targeting[][]>;

/** Computers in the same group with the same tags share one array. */
async function findTargeting(
  tx: Repositories,
  caller: Caller,
  profiles: readonly ScriptProfile[],
): Promise<FindTargeting> {
  const above = groupAndAbove(await tx.accessGroups.all(wholeAccount(caller.accountId)));
  const targets = new TargetIndex(profiles, associationTarget);
  const known = new Map<string, Targeting[]>();
  const targetingOf = ({ status, tags, accessGroup }: Computer): Targeting[] => {
    // The tags of a pending computer are only requested.
    if (status === 'pending') return [];
    const kind = JSON.stringify([accessGroup.id, tags]);
    let targeting = known.get(kind);
    if (!targeting) {
      const found = targets.reaching({ tags, groupAndAbove: above(accessGroup.id) });
      // Without spread, because V8 gives each copy that gets another property a hidden class of its own. A page of
      // computers has 200,000 of these objects: 10 MiB instead of 50.
      targeting = found.map(({ owner: scriptProfile, reason: { allComputers, tags } }) => ({
        allComputers,
        tags,
        scriptProfile,
      }));
      known.set(kind, targeting);
    }
    return targeting;
  };
  return (computers) => mapInSlices(computers, targetingOf);
}
