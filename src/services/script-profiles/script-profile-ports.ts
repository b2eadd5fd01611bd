import type { Scope, SearchScope } from '../../domain/accounts/access.ts';
import type { Activity, ActivityStatus } from '../../domain/activities/activity.ts';
import type { Target } from '../../domain/computers/association.ts';
import type { Slice } from '../../domain/page.ts';
import type { ScriptProfile, ScriptProfileState } from '../../domain/script-profiles/script-profile.ts';
import type { TriggerKind } from '../../domain/script-profiles/trigger.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Reached } from '../computers/computer-ports.ts';
import type { Columns, Listing, Sorted } from '../listing.ts';

// What script profiles ask of the world. See ports.ts.

export type ScriptProfileOrderField =
  | 'CREATED_AT'
  | 'LAST_EDITED_AT'
  | 'TITLE'
  | 'NEXT_RUN'
  | 'LAST_RUN'
  | 'NUM_COMPUTERS';

export interface ScriptProfileFilter {
  readonly status: 'ACTIVE' | 'ARCHIVED' | 'ALL';
  /** A part of the title, in any case. */
  readonly search?: string | null;
  /** Whole titles. */
  readonly titles?: readonly string[] | null;
  readonly triggerKinds?: readonly TriggerKind[] | null;
  /** Profiles with any of them. */
  readonly tags?: readonly string[] | null;
  readonly scriptIds?: readonly number[] | null;
  /** Names; a group brings those below it. */
  readonly accessGroups?: readonly string[] | null;
  /** The same, by their ids. */
  readonly accessGroupIds?: readonly number[] | null;
  readonly createdAt?: TimeRange | null;
  readonly lastEditedAt?: TimeRange | null;
  readonly nextRun?: TimeRange | null;
  readonly lastRun?: TimeRange | null;
  readonly states?: readonly ScriptProfileState[] | null;
  /** Status of the last run, as long as that is kept. */
  readonly lastRunStatuses?: readonly ActivityStatus[] | null;
  readonly createdByIds?: readonly number[] | null;
  /** The next run would reach this computer. */
  readonly reachesComputerId?: number | null;
}

/** What of each profile is fetched along with it, since somebody will ask: each as far as it is seen in this scope. */
export interface WantedExtras {
  readonly reached?: Scope;
  readonly lastActivity?: { readonly scope: Scope; readonly columns?: Columns<Activity> };
}

export interface WantedOfOne extends WantedExtras {
  /** Of the profile itself: it has no others. All, unless told. */
  readonly columns?: Columns<ScriptProfile>;
}

export interface WantedOfPage extends WantedExtras {
  readonly columns?: Columns<Sorted<ScriptProfile>>;
  /** How many match, whatever the page. */
  readonly total?: true;
}

/** The same, fetched; what was not wanted is not there. */
export interface ScriptProfileExtras {
  readonly reached?: Reached;
  /** Null before the first. */
  readonly lastActivity?: Activity | null;
}

export type ScriptProfileWithExtras = ScriptProfile & ScriptProfileExtras;

export interface ScriptProfileRepository {
  page(
    scope: SearchScope,
    listing: Listing<ScriptProfileFilter, ScriptProfileOrderField>,
    wanted?: WantedOfPage,
  ): Promise<Slice<Sorted<ScriptProfileWithExtras>> & { readonly total?: number }>;
  /** Undefined where none is seen. */
  one(scope: Scope, id: number, wanted: WantedOfOne): Promise<ScriptProfileWithExtras | undefined>;
  /** A page of the profiles that run each script. */
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
  /** Locks it until the transaction ends. */
  forUpdate(scope: Scope, id: number): Promise<ScriptProfile | undefined>;
  /** The same, but undefined when another transaction has it. */
  claim(accountId: number, id: number): Promise<ScriptProfile | undefined>;
  /** The event profiles that a computer with these tags in this group sets off, locked in the order of their ids. */
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
  /** The profiles that the clock will fire, in the order of their ids. */
  scheduled(scope: Scope): Promise<ScriptProfile[]>;
  /** Locks them. */
  scheduledForUpdate(accountId: number): Promise<ScriptProfile[]>;
  /** What a new or a changed profile with that title and target meets in the account, in one statement. */
  creationContext(accountId: number, title: string, target: Target | null): Promise<CreationContext>;
  countActive(accountId: number): Promise<number>;
  /** The most computers that the next run of one of them reaches. */
  largestReach(accountId: number): Promise<number>;
  /** The id of one that is about to be inserted. */
  insert(accountId: number, profile: Omit<ScriptProfile, 'id'>): Promise<number>;
  /** Saves what changed. */
  save(accountId: number, before: ScriptProfile, after: ScriptProfile): Promise<void>;
}

export interface CreationContext {
  /** The profile that has the title, archived or not. */
  readonly titleHolder: {
    readonly id: number;
    readonly archived: boolean;
    readonly accessGroupId: number;
  } | null;
  /** Profiles that are not archived. */
  readonly numActive: number;
  /** Computers that the target reaches. */
  readonly numReached: number;
}
