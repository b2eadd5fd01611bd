/** How long the database layer waits before it gives up, in milliseconds. */
export interface DatabaseDeadlines {
  /** For a connection to the server, or for a free connection of the pool. */
  readonly connection: number;
  /** For a lock. The server then cancels the statement. */
  readonly lock: number;
  /** For one statement. The server then cancels it. */
  readonly statement: number;
  /** For a transaction's next statement. The server then ends the session. Longer than `transaction`. */
  readonly idleTransaction: number;
  /**
   * For any reply from the server. Longer than `statement`, because the server answers by that deadline at the latest.
   */
  readonly silence: number;
  /** For a transaction to begin. */
  readonly begin: number;
  /** For a transaction to reach its COMMIT. */
  readonly transaction: number;
  /** For the end of an exclusive use of the embedded database, such as a backup. */
  readonly exclusiveUse: number;
}

export const DEADLINES: DatabaseDeadlines = {
  // An unreachable server must be reported within about ten seconds.
  connection: 8_000,
  lock: 8_000,
  statement: 30_000,
  idleTransaction: 90_000,
  silence: 40_000,
  // Long enough to wait behind another transaction on the embedded database's only connection, and behind a run on
  // thousands of computers on a slow machine.
  begin: 15_000,
  transaction: 60_000,
  exclusiveUse: 15_000,
};
