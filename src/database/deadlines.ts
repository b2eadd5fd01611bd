/** How long the database layer waits before it gives up, in milliseconds. */
export interface DatabaseDeadlines {
  /** For a connection to the server, or for a free one of the pool. */
  readonly connection: number;
  /** For a lock: the server then gives the statement up. */
  readonly lock: number;
  /** For one statement: the server then gives it up. */
  readonly statement: number;
  /** For a transaction's next statement: the server then ends the session. Longer than `transaction`. */
  readonly idleTransaction: number;
  /** For any word of the server. Longer than `statement`, because it answers at that deadline at the latest. */
  readonly silence: number;
  /** For a transaction to begin. */
  readonly begin: number;
  /** For a transaction to reach its COMMIT. */
  readonly transaction: number;
  /** For the end of an exclusive use of the embedded database, such as a backup. */
  readonly exclusiveUse: number;
}

export const DEADLINES: DatabaseDeadlines = {
  // An unreachable server must be reported within some ten seconds.
  connection: 8_000,
  lock: 8_000,
  statement: 30_000,
  idleTransaction: 90_000,
  silence: 40_000,
  // Long enough to wait behind another transaction on the embedded database's single connection, and for a run at
  // thousands of computers on a slow machine.
  begin: 15_000,
  transaction: 60_000,
  exclusiveUse: 15_000,
};
