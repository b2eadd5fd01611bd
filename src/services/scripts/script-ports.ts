import type { Scope } from '../../domain/accounts/access.ts';
import type { Slice } from '../../domain/page.ts';
import type { Script, ScriptHead, ScriptStatus, ScriptVersion } from '../../domain/scripts/script.ts';
import type { ScriptAttachment } from '../../domain/scripts/script-attachment.ts';
import type { Instant } from '../../domain/time.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Listing, Sorted } from '../listing.ts';

// The repositories of scripts, their versions and attachments. See ports.ts.

export type ScriptOrderField = 'CREATED_AT' | 'LAST_EDITED_AT' | 'TITLE';

export interface ScriptFilter {
  readonly statuses?: readonly ScriptStatus[] | null;
  readonly search?: string | null;
  readonly createdAt?: TimeRange | null;
  readonly lastEditedAt?: TimeRange | null;
  /**
   * Name of a group. Matches scripts in the group and its ancestors, which can run on the group's computers.
   */
  readonly runsInAccessGroup?: string | null;
}

export interface ScriptRepository {
  page(scope: Scope, listing: Listing<ScriptFilter, ScriptOrderField>): Promise<Slice<Sorted<ScriptHead>>>;
  count(scope: Scope, filter: ScriptFilter): Promise<number>;
  byIds(scope: Scope, ids: readonly number[]): Promise<(ScriptHead | undefined)[]>;
  /** Locks the script until the transaction ends. */
  forUpdate(scope: Scope, id: number): Promise<Script | undefined>;
  titleHolder(
    accountId: number,
    title: string,
  ): Promise<{ id: number; status: ScriptStatus; accessGroupId: number } | undefined>;
  insert(accountId: number, script: Omit<Script, 'id'>): Promise<number>;
  /** Saves the fields that changed. Adds a version if the version number changed. */
  save(accountId: number, before: Script, after: Script): Promise<void>;
  /** Overwrites interpreter and code of all versions. */
  overwriteVersions(
    accountId: number,
    id: number,
    text: { readonly interpreter: string; readonly code: string },
  ): Promise<void>;
}

export type ScriptVersionOrderField = 'NUMBER';

export type VersionKey = Pick<ScriptVersion, 'scriptId' | 'number'>;

export interface ScriptVersionRepository {
  /** A page of each script's versions. */
  pagesOf(
    scope: Scope,
    scriptIds: readonly number[],
    listing: Omit<Listing<never, ScriptVersionOrderField>, 'filter'>,
  ): Promise<Slice<Sorted<ScriptVersion & { readonly id: number }>>[]>;
  countsOf(scope: Scope, scriptIds: readonly number[]): Promise<number[]>;
  /** The version that each execution ran. Undefined before delivery, and if the script is not visible. */
  ofExecutions(scope: Scope, activityIds: readonly number[]): Promise<(ScriptVersion | undefined)[]>;
  byNumber(scope: Scope, scriptId: number, number: number): Promise<ScriptVersion | undefined>;
  /** The code of each version. Undefined if the version does not exist or is not visible. */
  codes(scope: Scope, versions: readonly VersionKey[]): Promise<(string | undefined)[]>;
}

export interface ScriptAttachmentRepository {
  /** Each script's attachments, oldest first. */
  of(scope: Scope, scriptIds: readonly number[]): Promise<ScriptAttachment[][]>;
  /** The contents in base64. Undefined if the attachment does not exist. */
  contents(accountId: number, ids: readonly number[]): Promise<(string | undefined)[]>;
  insert(
    accountId: number,
    attachment: { scriptId: number; filename: string; content: Buffer; createdAt: Instant },
  ): Promise<void>;
  remove(accountId: number, scriptId: number, filename: string): Promise<void>;
  removeAll(accountId: number, scriptId: number): Promise<void>;
}
