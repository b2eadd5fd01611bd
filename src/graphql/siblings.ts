interface Family {
  readonly rows: readonly object[];
  readonly completions: Map<string, Promise<Map<object, unknown>>>;
}

/**
 * Rows that were fetched together are completed together: the first of a page that is asked for its script
 * fetches the scripts of the whole page, in one statement. A page thus takes a fixed number of statements,
 * whatever its length. Lives as long as one request.
 */
export class Siblings {
  private readonly families = new WeakMap<object, Family>();

  /** Rows of one page, or of one mutation's result. */
  adopt<Row extends object>(rows: readonly Row[]): readonly Row[] {
    const family: Family = { rows: [...new Set(rows)], completions: new Map() };
    for (const row of family.rows) if (!this.families.has(row)) this.families.set(row, family);
    // Each row carries a group of its own making: they belong together as the rows do.
    const groups = family.rows.flatMap((row) => ('accessGroup' in row ? [row.accessGroup as object] : []));
    if (groups.length > 0) this.adopt(groups);
    return rows;
  }

  /**
   * @param what names the completion, arguments included: the field's alias and two calls of it may differ in them
   * @param complete for all rows of the page, in their order
   */
  async complete<Row extends object, Value>(
    row: Row,
    what: string,
    complete: (rows: readonly Row[]) => Promise<readonly Value[]>,
  ): Promise<Value> {
    if (!this.families.has(row)) this.adopt([row]);
    const { rows, completions } = this.families.get(row)!;
    let completion = completions.get(what);
    if (!completion) {
      completion = complete(rows as readonly Row[]).then((values) => {
        this.adopt(values.filter((value) => typeof value === 'object' && value !== null) as object[]);
        return new Map(rows.map((sibling, index) => [sibling, values[index]]));
      });
      completions.set(what, completion);
    }
    return (await completion).get(row) as Value;
  }

  /** Completes each row with the one that its id points to; null where there is none. */
  async follow<Row extends object, Target extends object>(
    row: Row,
    what: string,
    idOf: (row: Row) => number | null,
    byIds: (ids: readonly number[]) => Promise<readonly (Target | undefined)[]>,
  ): Promise<Target | null> {
    return this.complete(row, what, async (rows) => {
      const ids = [...new Set(rows.map(idOf).filter((id) => id !== null))];
      const targets = ids.length > 0 ? await byIds(ids) : [];
      const found = new Map(ids.map((id, index) => [id, targets[index] ?? null]));
      return rows.map((sibling) => found.get(idOf(sibling) ?? Number.NaN) ?? null);
    });
  }
}
