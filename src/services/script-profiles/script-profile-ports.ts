import type { Scope, SearchScope } from '../../domain/accounts/access.ts';
import type { Activity, ActivityStatus } from '../../domain/activities/activity.ts';
import type { Target } from '../../domain/computers/association.ts';
import type { Slice } from '../../domain/page.ts';
import type { ScriptProfile, ScriptProfileState } from '../../domain/script-profiles/script-profile.ts';
import type { TriggerKind } from '../../domain/script-profiles/trigger.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Reached } from '../computers/computer-ports.ts';
import type { Columns, Listing, Sorted } from '../listing.ts';

// The repository of script profiles. See ports.ts.

export type ScriptProfileOrderField =
  | 'CREATED_AT'
  | 'LAST_EDITED_AT'
  | 'TITLE'
  | 'NEXT_RUN'
  | 'LAST_RUN'
  | 'NUM_COMPUTERS';

export interface ScriptProfileFilter {
  readonly status: 'ACTIVE' | 'ARCHIVED' | 'ALL';
  /** Part of the title, case-insensitive. */
  readonly search?: string | null;
  /** Complete titles. */
  readonly titles?: readonly string[] | null;
  readonly triggerKinds?: readonly TriggerKind[] | null;
  /** Profiles with at least one of these tags. */
  readonly tags?: readonly string[] | null;
  readonly scriptIds?: readonly number[] | null;
  /** Names of groups. Their descendants are included. */
  readonly accessGroups?: readonly string[] | null;
  /** Ids of groups. Their descendants are included. */
  readonly accessGroupIds?: readonly number[] | null;
  readonly createdAt?: TimeRange | null;
  readonly lastEditedAt?: TimeRange | null;
  readonly nextRun?: TimeRange | null;
  readonly lastRun?: TimeRange | null;
  readonly states?: readonly ScriptProfileState[] | null;
  /** Status of the last run. Unknown if the run was deleted. */
  readonly lastRunStatuses?: readonly ActivityStatus[] | null;
  readonly createdByIds?: readonly number[] | null;
  /** Profiles whose next run would include this computer. */
  readonly reachesComputerId?: number | null;
}

/** Extras to read together with each profile. Each has its own scope. */
export interface WantedExtras {
  readonly reached?: Scope;
  readonly lastActivity?: { readonly scope: Scope; readonly columns?: Columns<Activity> };
}

export interface WantedOfOne extends WantedExtras {
  /** Properties of the profile to read. Defaults to all. */
  readonly columns?: Columns<ScriptProfile>;
}

export interface WantedOfPage extends WantedExtras {
  readonly columns?: Columns<Sorted<ScriptProfile>>;
  /** Requests the number of all matching profiles. */
  readonly total?: true;
}

/** Extras of a profile. Extras that were not requested are undefined. */
export interface ScriptProfileExtras {
  readonly reached?: Reached;
  /** Null if there is no run. */
  readonly lastActivity?: Activity | null;
}

export type ScriptProfileWithExtras = ScriptProfile & ScriptProfileExtras;

export interface ScriptProfileRepository {
  page(
    scope: SearchScope,
    listing: Listing<ScriptProfileFilter, ScriptProfileOrderField>,
    wanted?: WantedOfPage,
  ): Promise<Slice<Sorted<ScriptProfileWithExtras>> & { readonly total?: number }>;
  /** Undefined if the profile is not visible. */
  one(scope: Scope, id: number, wanted: WantedOfOne): Promise<ScriptProfileWithExtras | undefined>;
  /** A page of each script's profiles. */
  pagesOfScripts(
    scope: SearchScope,
    scriptIds: readonly number[],
    listing: Listing<ScriptProfileFilter, ScriptProfileOrderField>,
  ): Promise<Slice<Sorted<ScriptProfile>>[]>;
  countsOfScripts(
    scope: SearchScope,
    scriptIds: readonly number[],
    filter: ScriptProfileFilter,
  ): Promise<number[]>;
  byIds(scope: Scope, ids: readonly number[]): Promise<(ScriptProfile | undefined)[]>;
  /** Locks the profile until the transaction ends. */
  forUpdate(scope: Scope, id: number): Promise<ScriptProfile | undefined>;
  /** Locks the profile until the transaction ends. Undefined if another transaction has locked it. */
  claim(accountId: number, id: number): Promise<ScriptProfile | undefined>;
  /**
   * Locks the event profiles that match a computer with these tags in this group, in the order of their ids.
   */
  setOffBy(
    accountId: number,
    computer: { readonly accessGroupId: number; readonly tags: readonly string[] },
  ): Promise<ScriptProfile[]>;
  /** Locks the account's event profiles that are not archived, in the order of their ids. */
  eventsForUpdate(accountId: number): Promise<ScriptProfile[]>;
  /** Locks the script's profiles that are not archived, in the order of their ids. */
  ofScriptForUpdate(accountId: number, scriptId: number): Promise<ScriptProfile[]>;
  /** The profiles that are not archived, in the order of their ids. */
  active(scope: Scope): Promise<ScriptProfile[]>;
  /** The profiles with a next run, in the order of their ids. */
  scheduled(scope: Scope): Promise<ScriptProfile[]>;
  /** Locks the profiles with a next run, in the order of their ids. */
  scheduledForUpdate(accountId: number): Promise<ScriptProfile[]>;
  /**
   * Reads, in one statement, the facts that decide whether a profile with this title and target is accepted.
   */
  creationContext(accountId: number, title: string, target: Target | null): Promise<CreationContext>;
  countActive(accountId: number): Promise<number>;
  /** Largest number of computers that the next run of a single profile matches. */
  largestReach(accountId: number): Promise<number>;
  /** Returns the new id. */
  insert(accountId: number, profile: Omit<ScriptProfile, 'id'>): Promise<number>;
  /** Saves the fields that changed. */
  save(accountId: number, before: ScriptProfile, after: ScriptProfile): Promise<void>;
}

export interface CreationContext {
  /** The profile that has the title, archived or not. */
  readonly titleHolder: {
    readonly id: number;
    readonly archived: boolean;
    readonly accessGroupId: number;
  } | null;
  /** Number of profiles that are not archived. */
  readonly numActive: number;
  /** Number of computers that the target matches. */
  readonly numReached: number;
}
