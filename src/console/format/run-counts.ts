interface Counts {
  readonly canceled: number;
  readonly delivered: number;
  readonly failed: number;
  readonly succeeded: number;
  readonly undelivered: number;
}

/** Number of executions of a run. */
export const totalOf = ({ canceled, delivered, failed, succeeded, undelivered }: Counts): number =>
  canceled + delivered + failed + succeeded + undelivered;
