import type { AccountPermission, GroupPermission } from '../generated/graphql.ts';

type Said<Permission extends string> = Readonly<Record<Permission, string>>;

/** Permissions in access groups, in words. */
export const groupPermissions: Said<GroupPermission> = {
  VIEW_COMPUTER: 'View computers',
  MANAGE_COMPUTER: 'Edit, tag and remove computers',
  MANAGE_PENDING_COMPUTER: 'Accept and reject pending computers',
  VIEW_SCRIPT: 'View scripts',
  MANAGE_SCRIPT: 'Create, edit and archive scripts',
  REDACT_SCRIPT: 'Redact scripts',
  VIEW_SCRIPT_PROFILE: 'View script profiles and runs',
  MANAGE_SCRIPT_PROFILE: 'Create, edit, run and archive script profiles',
};

/** Permissions in the account as a whole, in words. */
export const accountPermissions: Said<AccountPermission> = {
  VIEW_ROLE: 'View people and roles',
  MANAGE_ROLE: 'Change people and roles',
  VIEW_EVENT_LOG: 'View the event log',
  MANAGE_ACCOUNT: 'Change limits, enrolment and access groups',
};

export const optionsOf = (said: Readonly<Record<string, string>>) =>
  Object.entries(said).map(([value, label]) => ({ value, label }));

/** A permission in words, as the form of a role shows it. */
export const permissionWords = (permission: GroupPermission | AccountPermission): string =>
  ({ ...groupPermissions, ...accountPermissions })[permission];
