import type { Instant } from '../../src/domain/time.ts';
import type { TestApp } from '../support/app.ts';
import { insert, type Row, type Table, type TestAccount } from '../support/rows.ts';

/** Every list of the graph: how to ask for it, and how to fill it with rows of known sort keys. */
export interface List {
  readonly name: string;
  /** The document around the list's own arguments and selection. */
  ask(args: string, selection: string): string;
  /** By which column of its rows each order sorts. */
  readonly orders: Readonly<Record<string, string>>;
  readonly table: Table;
  readonly row: (keys: Keys) => Row;
  /** What must be there before the rows. */
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

/** Titles of scripts and profiles are unique. */
const titled = ({ id, made, edited, title }: Keys) => ({
  id,
  title: `${title}${id}`,
  createdAt: made,
  lastEditedAt: edited,
});

export const lists: readonly List[] = [
  {
    name: 'scriptProfiles',
    ask: (args, selection) => `{ page: scriptProfiles(filter: { status: ALL }, ${args}) ${selection} }`,
    orders: { ...byTimes, NEXT_RUN: 'nextRun', LAST_RUN: 'lastRun' },
    table: 'script_profile',
    row: (keys) => ({ ...titled(keys), scriptId: OWNER, nextRun: keys.next, lastRun: keys.last }),
    before: script,
  },
  {
    name: 'scripts',
    ask: (args, selection) => `{ page: scripts(${args}) ${selection} }`,
    orders: byTimes,
    table: 'script',
    row: titled,
  },
  {
    name: 'Script.profiles',
    ask: (args, selection) =>
      `{ script(id: ${OWNER}) { page: profiles(status: ALL, ${args}) ${selection} } }`,
    orders: { ...byTimes, NEXT_RUN: 'nextRun', LAST_RUN: 'lastRun' },
    table: 'script_profile',
    row: (keys) => ({ ...titled(keys), scriptId: OWNER, nextRun: keys.next, lastRun: keys.last }),
    before: script,
  },
  { ...computers, name: 'computers', ask: (args, selection) => `{ page: computers(${args}) ${selection} }` },
  {
    ...computers,
    name: 'ScriptProfile.computers',
    ask: (args, selection) => `{ scriptProfile(id: ${OWNER}) { page: computers(${args}) ${selection} } }`,
    before: profile,
  },
  {
    ...activities,
    name: 'activities',
    ask: (args, selection) => `{ page: activities(${args}) ${selection} }`,
    row: ({ id, made }) => ({ id, creationTime: made }),
  },
  {
    ...activities,
    name: 'ScriptProfile.activities',
    ask: (args, selection) => `{ scriptProfile(id: ${OWNER}) { page: activities(${args}) ${selection} } }`,
    row: ({ id, made }) => ({ id, creationTime: made, scriptProfileId: OWNER }),
    before: profile,
  },
  {
    name: 'events',
    ask: (args, selection) => `{ page: events(${args}) ${selection} }`,
    orders: { CREATED_AT: 'createdAt' },
    table: 'event',
    row: ({ id, made }) => ({ id, createdAt: made }),
  },
  {
    ...activities,
    name: 'Activity.children',
    ask: (args, selection) => `{ activity(id: ${OWNER}) { page: children(${args}) ${selection} } }`,
    row: ({ id, made }) => ({ id, creationTime: made, parentId: OWNER, type: 'ExecuteScriptRequest' }),
    before: (app, account) => insert(app.database.prisma, 'activity', account, [{ id: OWNER }]),
  },
];

export const listNamed = (name: string): List => lists.find((list) => list.name === name)!;
