/** Maximum times that the server waits for a client or for its own parts, in milliseconds. */
export interface HttpDeadlines {
  /** For a WebSocket's first message, which names the caller. */
  readonly connectionInit: number;
  /** For the answer to a WebSocket's ping. */
  readonly pong: number;
  /** For a client to close its side of a WebSocket. */
  readonly close: number;
  /** For a client to read on, once the buffer of its event stream is full. */
  readonly drain: number;
  /** For the database, before `/readyz` answers that it is not ready. */
  readonly readiness: number;
  /** For each source of `/metrics`. */
  readonly sample: number;
  /** Between two writes of the agents that have pinged. */
  readonly savePings: number;
}

export const DEADLINES: HttpDeadlines = {
  connectionInit: 5_000,
  pong: 30_000,
  close: 2_000,
  drain: 30_000,
  readiness: 3_000,
  sample: 5_000,
  savePings: 60_000,
};
