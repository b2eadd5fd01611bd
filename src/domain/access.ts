/** Who is asking, and in which account: nothing outside it exists for them. */
export interface Caller {
  readonly accountId: number;
  readonly accountName: string;
  readonly personId: number;
  readonly email: string;
  readonly name: string;
}

/** Granted on access groups, and inherited downward. */
export type GroupPermission =
  | 'ViewScript'
  | 'ManageScript'
  | 'RedactScript'
  | 'ViewScriptProfile'
  | 'ManageScriptProfile'
  | 'ViewComputer'
  | 'ManageComputer'
  | 'ManagePendingComputer';

/** Granted on the whole account. */
export type AccountPermission = 'ManageAccount' | 'ViewRole' | 'ManageRole' | 'ViewEventLog';

export type Permission = GroupPermission | AccountPermission;

/**
 * May this caller do this, in this access group? Every use case asks, before anything else.
 * One rule for now: a member of the account may do everything in it, and a caller is a member.
 * @throws Refusal FORBIDDEN once roles narrow the rule
 */
export function authorise(_caller: Caller, _permission: Permission, _accessGroupId?: number): void {}
