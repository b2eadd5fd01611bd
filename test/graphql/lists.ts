import type { Instant } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { insert, type Row, type Table, type TestAccount } from '../support/rows.ts';

/** Every list of the graph: how to request it, and how to fill it with rows of known sort keys. */
export interface List {
  readonly name: string;
  /** Builds the list's field with its arguments. */
  field(args: string): string;
  /** The field that contains the list. Defaults to the root. */
  readonly within?: string;
  /** The column that each order sorts by. */
  readonly orders: Readonly<Record<string, string>>;
  readonly table: Table;
  readonly row: (keys: Keys) => Row;
  /** Creates objects that the rows need. */
  readonly before?: (app: TestApp, account: TestAccount) => Promise<void>;
}

export interface Keys {
  readonly id: number;
  readonly made: Instant;
  readonly edited: Instant;
  readonly next: Instant | null;
  readonly last: Instant | null;
  readonly title: string;
}

const OWNER = 1000;
const script = (app: TestApp, account: TestAccount) =>
  insert(app.database.prisma, 'script', account, [{ id: OWNER }]);
const profile = async (app: TestApp, account: TestAccount) => {
  await script(app, account);
  await insert(app.database.prisma, 'script_profile', account, [{ id: OWNER }]);
};

const byTimes = { CREATED_AT: 'createdAt', LAST_EDITED_AT: 'lastEditedAt', TITLE: 'title' };
const computers = {
  orders: { CREATED_AT: 'createdAt', TITLE: 'title', ID: 'id' },
  table: 'computer',
  row: ({ id, made, title }: Keys) => ({ id, title, createdAt: made }),
} as const;
const activities = { orders: { CREATION_TIME: 'creationTime' }, table: 'activity' } as const;

/** Titles of scripts and profiles must be unique. */
const titled = ({ id, made, edited, title }: Keys) => ({
  id,
  title: `${title}${id}`,
  createdAt: made,
  lastEditedAt: edited,
});

export const lists: readonly List[] = [
  {
    name: 'scriptProfiles',
    field: (args) => `scriptProfiles(filter: { status: ALL }, ${args})`,
    orders: { ...byTimes, NEXT_RUN: 'nextRun', LAST_RUN: 'lastRun' },
    table: 'script_profile',
    row: (keys) => ({ ...titled(keys), scriptId: OWNER, nextRun: keys.next, lastRun: keys.last }),
    before: script,
  },
  {
    name: 'scripts',
    field: (args) => `scripts(${args})`,
    orders: byTimes,
    table: 'script',
    row: titled,
  },
  {
    name: 'Script.profiles',
    field: (args) => `profiles(status: ALL, ${args})`,
    within: `script(id: ${OWNER})`,
    orders: { ...byTimes, NEXT_RUN: 'nextRun', LAST_RUN: 'lastRun' },
    table: 'script_profile',
    row: (keys) => ({ ...titled(keys), scriptId: OWNER, nextRun: keys.next, lastRun: keys.last }),
    before: script,
  },
  { ...computers, name: 'computers', field: (args) => `computers(${args})` },
  {
    ...computers,
    name: 'ScriptProfile.computers',
    field: (args) => `computers(${args})`,
    within: `scriptProfile(id: ${OWNER})`,
    before: profile,
  },
  {
    ...activities,
    name: 'activities',
    field: (args) => `activities(${args})`,
    row: ({ id, made }) => ({ id, creationTime: made }),
  },
  {
    ...activities,
    name: 'ScriptProfile.activities',
    field: (args) => `activities(${args})`,
    within: `scriptProfile(id: ${OWNER})`,
    row: ({ id, made }) => ({ id, creationTime: made, scriptProfileId: OWNER }),
    before: profile,
  },
  {
    name: 'events',
    field: (args) => `events(${args})`,
    orders: { CREATED_AT: 'createdAt' },
    table: 'event',
    row: ({ id, made }) => ({ id, createdAt: made }),
  },
  {
    ...activities,
    name: 'Activity.children',
    field: (args) => `children(${args})`,
    within: `activity(id: ${OWNER})`,
    row: ({ id, made }) => ({ id, creationTime: made, parentId: OWNER, type: 'ExecuteScriptRequest' }),
    before: (app, account) => insert(app.database.prisma, 'activity', account, [{ id: OWNER }]),
  },
];

/** Builds a document that requests pages of a list, each under an alias with its arguments. */
export function documentOf(list: List, pages: Readonly<Record<string, string>>, selection: string): string {
  const fields = Object.entries(pages).map(([name, args]) => `${name}: ${list.field(args)} ${selection}`);
  return `{ ${list.within ? `owner: ${list.within} { ${fields.join(' ')} }` : fields.join(' ')} }`;
}

/** Reads the pages from the answer to such a document. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape
export const pagesOf = (data: any): Record<string, any> => data.owner ?? data;
