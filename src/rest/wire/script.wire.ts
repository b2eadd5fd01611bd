import { microseconds } from './time.wire.ts';

/** Fields for the legacy form of a script. A page of the graph holds all profiles of a script. */
export const scriptFields = `
  databaseId title versionNumber createdBy { databaseId name } createdAt lastEditedBy { databaseId name } lastEditedAt
  profiles(first: 1000) { nodes { title databaseId } } status attachments { filename databaseId }
  code interpreter accessGroup { name } timeLimit username
  viewerPermissions { canRedact { allowed } canUpdate { allowed } canCreateProfile { allowed } }`;

export const versionFields = 'number createdBy { name databaseId } title code interpreter createdAt';

interface PersonData {
  readonly databaseId: number;
  readonly name: string;
}

export interface ScriptData {
  readonly databaseId: number;
  readonly title: string;
  readonly versionNumber: number;
  readonly createdBy: PersonData | null;
  readonly createdAt: string;
  readonly lastEditedBy: PersonData | null;
  readonly lastEditedAt: string;
  readonly profiles: {
    readonly nodes: readonly { readonly title: string; readonly databaseId: number }[];
  };
  readonly status: string;
  readonly attachments: readonly { readonly filename: string; readonly databaseId: number }[];
  readonly code: string;
  readonly interpreter: string;
  readonly accessGroup: { readonly name: string };
  readonly timeLimit: number;
  readonly username: string;
  readonly viewerPermissions: Readonly<
    Record<'canRedact' | 'canUpdate' | 'canCreateProfile', { readonly allowed: boolean }>
  >;
}

export interface VersionData {
  readonly number: number;
  readonly createdBy: PersonData | null;
  readonly title: string;
  readonly code: string;
  readonly interpreter: string;
  readonly createdAt: string;
}

/** Converts a script for the legacy actions, which omit the caller's permissions. */
export const toPlainScript = (script: ScriptData) => ({
  id: script.databaseId,
  title: script.title,
  version_number: script.versionNumber,
  created_by: toPerson(script.createdBy),
  created_at: microseconds(script.createdAt),
  last_edited_by: toPerson(script.lastEditedBy),
  last_edited_at: microseconds(script.lastEditedAt),
  script_profiles: script.profiles.nodes.map(({ title, databaseId: id }) => ({ title, id })),
  status: script.status,
  attachments: script.attachments.map(({ filename, databaseId: id }) => ({ filename, id })),
  code: script.code,
  interpreter: script.interpreter,
  access_group: script.accessGroup.name,
  time_limit: script.timeLimit,
  username: script.username,
});

export const toScript = (script: ScriptData) => ({
  ...toPlainScript(script),
  is_redactable: script.viewerPermissions.canRedact.allowed,
  is_editable: script.viewerPermissions.canUpdate.allowed,
  is_executable: script.viewerPermissions.canCreateProfile.allowed,
});

/** A deleted person has null for both id and name, because clients read both without a check. */
const toPerson = (person: PersonData | null) => ({
  id: person?.databaseId ?? null,
  name: person?.name ?? null,
});

/** Converts a version of a script. Its number is unique within the script, and is also its id here. */
export const toVersion = (version: VersionData) => ({
  id: version.number,
  created_by: version.createdBy && { name: version.createdBy.name, id: version.createdBy.databaseId },
  title: version.title,
  version_number: version.number,
  code: version.code,
  interpreter: version.interpreter,
  created_at: microseconds(version.createdAt),
});
