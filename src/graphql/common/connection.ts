import { ArgsType, Field, Int, ObjectType, Root } from 'type-graphql';
import { invalid } from '../../domain/errors.ts';
import { type Cursor, pageWindow, type Slice } from '../../domain/page.ts';
import { UNWRITABLE } from '../../domain/text.ts';
import { parseInstant } from '../../domain/time.ts';
import type { Order, Sorted } from '../../services/listing.ts';
import type { GraphContext } from '../context.ts';
import type { MaybePromise } from '../execution/maybe-promise.ts';
import type { OrderBy } from './order.ts';
import { SafeInt } from './scalars.ts';

@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, {
    nullable: true,
    description:
      'Number of items from the start. Defaults to 50. Maximum 1,000. With 0, the page is empty, but `totalCount` is still counted. Cannot be combined with `last`.',
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Returns only items after this cursor.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of items from the end. Maximum 1,000. Cannot be combined with `first`.',
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Returns only items before this cursor.' })
  before?: string | null;

  @Field(() => SafeInt, {
    nullable: true,
    description:
      'Number of items to skip, for clients that use page numbers. Defaults to 0. Unlike with a cursor, the page shifts when rows are added or removed. Cannot be combined with `last`.',
  })
  offset?: number | null;
}

@ObjectType('PageInfo', { description: 'Position of a page in its list.', simpleResolvers: true })
export class PageInfoType {
  @Field(() => Boolean, { description: 'Whether more items follow this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether other items precede this page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the first item. Null if the page is empty.',
  })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last item. Null if the page is empty.',
  })
  endCursor!: string | null;
}

/** Default order of each list. */
export const defaultOrder = {
  Activity: { field: 'CREATION_TIME', direction: 'DESC' },
  Computer: { field: 'ID', direction: 'ASC' },
  Event: { field: 'CREATED_AT', direction: 'DESC' },
  Person: { field: 'EMAIL', direction: 'ASC' },
  Script: { field: 'CREATED_AT', direction: 'DESC' },
  ScriptProfile: { field: 'CREATED_AT', direction: 'DESC' },
  ScriptVersion: { field: 'NUMBER', direction: 'DESC' },
  SlotEntry: { field: 'FIRST_SLOT', direction: 'DESC' },
} as const;

/** Type of the listed objects. A cursor is valid only for lists of its type. */
type Listed = keyof typeof defaultOrder;

/**
 * Checks the arguments of a list and decodes its cursors.
 * @throws Refusal INVALID_INPUT
 */
export function listingOf<Field extends string>(
  type: Listed,
  { first, after, last, before, offset, orderBy }: ConnectionArgs & { orderBy?: OrderBy<Field> | null },
  { largestPage }: GraphContext,
) {
  const { field, direction } = orderBy ?? (defaultOrder[type] as Order<Field>);
  const order: Order<Field> = { field, direction: direction ?? 'DESC' };
  const cursorIn = (argument: string, text: string | null | undefined) =>
    text == null ? null : decodeCursor(text, [type, order.field], argument);
  const cursors = { after: cursorIn('after', after), before: cursorIn('before', before) };
  return { order, window: pageWindow({ first, last, offset, ...cursors }, largestPage) };
}

/** Ends a page early if its long texts exceed the limit of the request. The page always keeps its first item. */
export function endingEarly<Row>(
  slice: Slice<Row>,
  bytesOf: (row: Row) => number | null,
  { largestTexts }: GraphContext,
): Slice<Row> {
  let bytes = 0;
  const end = slice.rows.findIndex((row, index) => {
    bytes += bytesOf(row) ?? 0;
    return index > 0 && bytes > largestTexts;
  });
  return end < 0 ? slice : { ...slice, rows: slice.rows.slice(0, end), hasNext: true };
}

/** A page in the form of the schema. Computes a property only if the client selects it. */
export class Connection<Row extends { readonly id: number }> {
  constructor(
    private readonly type: Listed,
    private readonly slice: Slice<Sorted<Row>>,
    private readonly order: Order<string>,
    readonly count: () => MaybePromise<number>,
  ) {}

  get nodes(): readonly Row[] {
    return this.slice.rows;
  }

  get edges() {
    return this.slice.rows.map((node) => ({ node, cursor: this.cursorOf(node) }));
  }

  get pageInfo(): PageInfoType {
    const { rows, hasNext, hasPrevious } = this.slice;
    const [first, last] = [rows[0], rows.at(-1)];
    return {
      hasNextPage: hasNext,
      hasPreviousPage: hasPrevious,
      startCursor: first ? this.cursorOf(first) : null,
      endCursor: last ? this.cursorOf(last) : null,
    };
  }

  private cursorOf({ sortKey, id }: Sorted<Row>): string {
    return Buffer.from(JSON.stringify([this.type, this.order.field, sortKey, id])).toString('base64url');
  }
}

/** A sort key has at most 255 characters. JSON and base64 encode a character as up to eight. */
const MAX_CURSOR_LENGTH = 4096;

/** Decodes a cursor. Rejects a cursor of another list or another order, because its position means nothing here. */
function decodeCursor(text: string, [type, field]: readonly [Listed, string], argument: string): Cursor {
  if (text.length > MAX_CURSOR_LENGTH)
    throw invalid(argument, text, `at most ${MAX_CURSOR_LENGTH} characters`);
  try {
    const [list, order, key, id] = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (list === type && order === field && isKey(key, field) && Number.isSafeInteger(id)) return { key, id };
  } catch {
    // The text is not a cursor, so it is rejected below.
  }
  throw invalid(argument, text, `a cursor of this list, sorted by ${field}`);
}

/** Whether the column of the order can hold the key. An invented key must not reach the database. */
function isKey(key: unknown, field: string): key is string | null {
  // The list includes rows without such a time.
  if (key === null) return /_RUN$/.test(field);
  if (typeof key !== 'string' || UNWRITABLE.test(key)) return false;
  // Accepts only times in our own format, because PostgreSQL cannot read every time that we parse, such as `+23:59`.
  if (/_(AT|TIME|SLOT|RUN)$/.test(field)) return parseInstant(key) === key;
  return !['ID', 'NUMBER', 'NUM_COMPUTERS'].includes(field) || /^\d{1,18}$/.test(key);
}

/**
 * Creates the connection and edge types of a node type.
 * @param things the plural noun in the descriptions
 */
export function connectionType<Node extends object>(node: new () => Node, name: string, things: string) {
  @ObjectType(`${name}Edge`, {
    description: `One item of a page of ${things}, with its cursor.`,
    simpleResolvers: true,
  })
  class Edge {
    @Field(() => node, { description: 'The item.' })
    node!: Node;

    @Field(() => String, {
      description: 'Opaque position of the item in the list, for `after` and `before`.',
    })
    cursor!: string;
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${things}.`, simpleResolvers: true })
  class ConnectionOfNodes {
    @Field(() => [Edge], { description: 'Items on the page, each with its cursor.' })
    edges!: Edge[];

    @Field(() => [node], { description: 'Items on the page.' })
    nodes!: Node[];

    @Field(() => PageInfoType, { description: 'Position of the page in the list.' })
    pageInfo!: PageInfoType;

    @Field(() => SafeInt, { description: 'Number of matching items on all pages. Counted only if selected.' })
    totalCount(@Root() connection: Connection<never>): MaybePromise<number> {
      return connection.count();
    }
  }
  return ConnectionOfNodes;
}
