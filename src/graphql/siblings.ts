import type { MaybePromise } from './maybe-promise.ts';

interface Family {
  readonly rows: readonly object[];
  readonly completions: Map<string, Completion>;
}

/** Properties in which rows carry what has fields that are completed. */
const groupFields = ['accessGroup', 'accessGroups'];
const personFields = ['createdBy', 'lastEditedBy', 'creator', 'person', 'persons'];

function partsOf(row: object, name: string): readonly object[] {
  const part = (row as Readonly<Record<string, unknown>>)[name];
  return part ? ([part].flat() as object[]) : [];
}

interface Completion {
  readonly values: Promise<ReadonlyMap<object, unknown>>;
  /** The same, once they are there. */
  settled?: ReadonlyMap<object, unknown>;
}

/**
 * Rows that were fetched together are completed together: the first of a page that is asked for its script
 * fetches the scripts of the whole page, in one statement. A page thus takes a fixed number of statements,
 * whatever its length. Lives as long as one request.
 */
export class Siblings {
  private readonly families: {
    get(row: object): Family | undefined;
    set(row: object, family: Family): unknown;
  };
  /** Of most pages nobody asks for anything more: they are looked through when somebody does. */
  private unseen: (readonly object[])[] = [];
  /** Rows that may carry access groups and people of whom somebody may ask. */
  private unsearched: (readonly object[])[] = [];

  /** @param isLasting it outlives its rows, and must not keep them: dear for the garbage collector */
  constructor(private readonly isLasting = false) {
    this.families = isLasting ? new WeakMap() : new Map();
  }

  /** Rows of one page, or of one mutation's result. */
  adopt<Row extends object>(rows: readonly Row[]): readonly Row[] {
    if (rows.length > 0) this.unseen.push(rows);
    if (this.isLasting) {
      this.makeFamilies();
      this.adoptParts();
    }
    return rows;
  }

  private familyOf(row: object): Family {
    this.makeFamilies();
    if (!this.families.get(row)) this.adoptParts();
    if (!this.families.get(row)) this.unseen.push([row]);
    this.makeFamilies();
    return this.families.get(row)!;
  }

  private makeFamilies(): void {
    const pages = this.unseen;
    if (pages.length === 0) return;
    this.unseen = [];
    for (const page of pages) {
      const family: Family = { rows: [...new Set(page)], completions: new Map() };
      for (const row of family.rows) if (!this.families.get(row)) this.families.set(row, family);
      this.unsearched.push(family.rows);
    }
  }

  /** Each row carries groups and people of its own making: they belong together as the rows do. */
  private adoptParts(): void {
    const families = this.unsearched;
    this.unsearched = [];
    for (const rows of families)
      for (const names of [groupFields, personFields]) {
        const parts = rows.flatMap((row) => names.flatMap((name) => partsOf(row, name)));
        if (parts.length > 0) this.unseen.push(parts);
      }
    this.makeFamilies();
  }

  /**
   * @param what names the completion, arguments included: the field's alias and two calls of it may differ in them
   * @param complete for all rows of the page, in their order
   * @returns no promise once it is there: a page of a thousand rows would wait for a thousand of them
   */
  complete<Row extends object, Value>(
    row: Row,
    what: string,
    complete: (rows: readonly Row[]) => Promise<readonly Value[]>,
  ): MaybePromise<Value> {
    const { rows, completions } = this.familyOf(row);
    const known = completions.get(what);
    if (known?.settled) return known.settled.get(row) as Value;
    const completion = known ?? { values: this.valuesOf(rows as readonly Row[], complete) };
    completions.set(what, completion);
    return completion.values.then((values) => {
      completion.settled = values;
      return values.get(row) as Value;
    });
  }

  /** The values belong together as their rows do. */
  private async valuesOf<Row extends object, Value>(
    rows: readonly Row[],
    complete: (rows: readonly Row[]) => Promise<readonly Value[]>,
  ): Promise<ReadonlyMap<object, Value>> {
    const values = await complete(rows);
    this.adopt(values.filter((value) => typeof value === 'object' && value !== null) as object[]);
    const byRow = new Map<object, Value>();
    for (const [index, row] of rows.entries()) byRow.set(row, values[index]!);
    return byRow;
  }

  /** Completes each row with the one that its id points to; null where there is none. */
  follow<Row extends object, Target extends object>(
    row: Row,
    what: string,
    idOf: (row: Row) => number | null,
    byIds: (ids: readonly number[]) => Promise<readonly (Target | undefined)[]>,
  ): MaybePromise<Target | null> {
    return this.complete(row, what, async (rows) => {
      const ids = [...new Set(rows.map(idOf).filter((id) => id !== null))];
      const targets = ids.length > 0 ? await byIds(ids) : [];
      const found = new Map(ids.map((id, index) => [id, targets[index] ?? null]));
      return rows.map((sibling) => found.get(idOf(sibling) ?? Number.NaN) ?? null);
    });
  }
}
