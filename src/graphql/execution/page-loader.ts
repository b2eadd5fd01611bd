import type { MaybePromise } from './maybe-promise.ts';

interface Page {
  readonly rows: readonly object[];
  readonly loads: Map<string, Load>;
}

/** Properties in which rows carry objects that have fields of their own to load. */
const GROUP_FIELDS = ['accessGroup', 'accessGroups'];
const PERSON_FIELDS = ['createdBy', 'lastEditedBy', 'creator', 'person', 'persons'];

function partsOf(row: object, name: string): readonly object[] {
  const part = (row as Readonly<Record<string, unknown>>)[name];
  return part ? ([part].flat() as object[]) : [];
}

interface Load {
  readonly values: Promise<ReadonlyMap<object, unknown>>;
  /** The values after they have arrived. */
  settled?: ReadonlyMap<object, unknown>;
}

/**
 * Loads related data for a whole page at once. The first row whose script is requested fetches the scripts of all rows
 * of its page with one statement. So a page takes a fixed number of statements, whatever its length. Lives as long as
 * one request.
 */
export class PageLoader {
  private readonly pages: {
    get(row: object): Page | undefined;
    set(row: object, page: Page): unknown;
  };
  private readonly shared = new Map<string, Promise<unknown>>();
  /** Pages that are not indexed yet. Most never need to be. */
  private unindexed: (readonly object[])[] = [];
  /** Pages whose rows may carry access groups and people that are not registered yet. */
  private unsearched: (readonly object[])[] = [];

  /**
   * @param isLasting true if the loader outlives its rows. It then references them weakly, which costs the garbage
   * collector more
   */
  constructor(private readonly isLasting = false) {
    this.pages = isLasting ? new WeakMap() : new Map();
  }

  /** Registers the rows of one page, or of one mutation's result. */
  register<Row extends object>(rows: readonly Row[]): readonly Row[] {
    if (rows.length > 0) this.unindexed.push(rows);
    if (this.isLasting) {
      this.indexPages();
      this.registerParts();
    }
    return rows;
  }

  private pageOf(row: object): Page {
    this.indexPages();
    if (!this.pages.get(row)) this.registerParts();
    if (!this.pages.get(row)) this.unindexed.push([row]);
    this.indexPages();
    return this.pages.get(row)!;
  }

  private indexPages(): void {
    const unindexed = this.unindexed;
    if (unindexed.length === 0) return;
    this.unindexed = [];
    for (const rows of unindexed) {
      const page: Page = { rows: [...new Set(rows)], loads: new Map() };
      for (const row of page.rows) if (!this.pages.get(row)) this.pages.set(row, page);
      this.unsearched.push(page.rows);
    }
  }

  /** Registers the access group and person objects of each page as a page, because every row has separate objects. */
  private registerParts(): void {
    const unsearched = this.unsearched;
    this.unsearched = [];
    for (const rows of unsearched)
      for (const names of [GROUP_FIELDS, PERSON_FIELDS]) {
        const parts = rows.flatMap((row) => names.flatMap((name) => partsOf(row, name)));
        if (parts.length > 0) this.unindexed.push(parts);
      }
    this.indexPages();
  }

  /**
   * @param what name of the data to load, with its arguments, because two aliases of a field may have different
   * arguments
   * @param fetch returns the values of all rows of the page, in order
   * @returns the value itself once it is loaded, because a page of a thousand rows would otherwise await a thousand
   * promises
   */
  load<Row extends object, Value>(
    row: Row,
    what: string,
    fetch: (rows: readonly Row[]) => Promise<readonly Value[]>,
  ): MaybePromise<Value> {
    const { rows, loads } = this.pageOf(row);
    const known = loads.get(what);
    if (known?.settled) return known.settled.get(row) as Value;
    const loading = known ?? { values: this.valuesOf(rows as readonly Row[], fetch) };
    loads.set(what, loading);
    return loading.values.then((values) => {
      loading.settled = values;
      return values.get(row) as Value;
    });
  }

  /** Loads data that all rows of the request share. A lasting loader loads it each time, because it may have changed. */
  loadOnce<Value>(what: string, fetch: () => Promise<Value>): Promise<Value> {
    const known = this.shared.get(what) as Promise<Value> | undefined;
    const loading = known ?? fetch();
    if (!this.isLasting) this.shared.set(what, loading);
    return loading;
  }

  /** Fetches the values and registers them as a page too. */
  private async valuesOf<Row extends object, Value>(
    rows: readonly Row[],
    fetch: (rows: readonly Row[]) => Promise<readonly Value[]>,
  ): Promise<ReadonlyMap<object, Value>> {
    const values = await fetch(rows);
    this.register(values.filter((value) => typeof value === 'object' && value !== null) as object[]);
    const byRow = new Map<object, Value>();
    for (const [index, row] of rows.entries()) byRow.set(row, values[index]!);
    return byRow;
  }

  /** Loads for each row the object with the id that the row contains. Null if no such object exists. */
  loadRelated<Row extends object, Target extends object>(
    row: Row,
    what: string,
    idOf: (row: Row) => number | null,
    byIds: (ids: readonly number[]) => Promise<readonly (Target | undefined)[]>,
  ): MaybePromise<Target | null> {
    return this.load(row, what, async (rows) => {
      const ids = [...new Set(rows.map(idOf).filter((id) => id !== null))];
      const targets = ids.length > 0 ? await byIds(ids) : [];
      const found = new Map(ids.map((id, index) => [id, targets[index] ?? null]));
      return rows.map((sibling) => found.get(idOf(sibling) ?? Number.NaN) ?? null);
    });
  }
}
