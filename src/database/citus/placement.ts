/**
 * Where a database on Citus stores a table:
 * - account: rows of one account are together on one worker, so their joins and foreign keys stay there.
 * - everywhere: on every machine. These tables grow with people, and decide what they may do.
 * - coordinator: only there. They are read before the account is known, so a log-in needs no worker.
 */
export type Placement = 'account' | 'everywhere' | 'coordinator';

/** All tables. The order is that of their distribution. */
const PLACEMENTS: Readonly<Record<string, Placement>> = {
  account: 'everywhere',
  person: 'everywhere',
  access_group: 'everywhere',
  access_group_reach: 'everywhere',
  role: 'everywhere',
  role_access_group: 'everywhere',
  role_person: 'everywhere',

  script_profile_limits: 'account',
  computer: 'account',
  computer_tag: 'account',
  agent: 'account',
  removed_agent: 'account',
  saved_search: 'account',
  script: 'account',
  script_version: 'account',
  script_attachment: 'account',
  script_profile: 'account',
  run: 'account',
  activity: 'account',
  slot_entry: 'account',
  event: 'account',
  idempotency_key: 'account',

  access_key: 'coordinator',
  password_link: 'coordinator',
  revoked_token: 'coordinator',
  log_in_attempts: 'coordinator',
  log_in_network: 'coordinator',
};

/** Distributed first. The others are stored beside it. */
export const FIRST_OF_ACCOUNT = 'script_profile_limits';

/** Settings without which Citus refuses to distribute or to migrate tables. They hold until the transaction ends. */
export const DISTRIBUTION_SETTINGS: readonly string[] = [
  // Citus otherwise uses several connections to a worker, which do not see each other's foreign keys.
  `SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`,
  // For the trigger that keeps the event log append-only.
  'SET LOCAL citus.enable_unsafe_triggers TO on',
];

export const placements: readonly (readonly [table: string, placement: Placement])[] =
  Object.entries(PLACEMENTS);

/** The statement that distributes a table. Undefined for a table that stays on the coordinator. */
export function distributing(table: string): string | undefined {
  const placement = PLACEMENTS[table];
  if (placement === 'everywhere') return `SELECT create_reference_table('${table}')::text`;
  if (placement !== 'account') return undefined;
  const neighbor = table === FIRST_OF_ACCOUNT ? 'none' : FIRST_OF_ACCOUNT;
  return `SELECT create_distributed_table('${table}', 'account_id', colocate_with => '${neighbor}')::text`;
}
