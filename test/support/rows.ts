import type { Database } from '../../src/database/database.ts';
import type { Connection } from '../../src/database/sql.ts';
import { insertRows } from '../../src/demo/inserts.ts';
import { type Caller, wholeAccount } from '../../src/domain/accounts/access.ts';
import type { AccessGroup } from '../../src/domain/accounts/access-group.ts';
import { undeliveredStatuses } from '../../src/domain/activities/activity.ts';
import { accessGroupRepository } from '../../src/repositories/accounts/access-groups.ts';
import { createAccount, saveAdministrator } from '../../src/repositories/accounts/accounts.ts';
import { peopleRepository } from '../../src/repositories/accounts/people.ts';
import { findCaller } from '../../src/services/accounts/people.ts';
import { NOW } from './builders.ts';

/** An account with one person and only its root group. */
export interface TestAccount {
  readonly id: number;
  readonly name: string;
  readonly caller: Caller;
  readonly root: AccessGroup;
}

export async function anAccount(
  connection: Connection,
  name = 'acme',
  email = 'jane@example.com',
): Promise<TestAccount> {
  const id = await createAccount(connection, { name, title: name, now: NOW });
  await saveAdministrator(connection, {
    accountId: id,
    email,
    name: 'Jane Doe',
    passwordHash: null,
    now: NOW,
  });
  const caller = (await findCaller(peopleRepository(connection), name, email))!;
  return {
    id,
    name,
    caller,
    root: (await accessGroupRepository(connection).byName(wholeAccount(id), 'global'))!,
  };
}

/**
 * A row that is inserted directly, with the times, states and ids that a test needs. Ids are unique in an account only.
 * From 1,000 on, they do not collide with the sequences.
 */
export type Row = { readonly id: number } & Readonly<Record<string, unknown>>;
export type Table = 'script' | 'script_profile' | 'computer' | 'activity' | 'event';

const defaults: Record<Table, (account: TestAccount, id: number) => object> = {
  script: ({ root, caller }, id) => ({
    title: `Script ${id}`,
    status: 'ACTIVE',
    accessGroupId: root.id,
    versionNumber: 1,
    timeLimit: 300,
    username: '',
    createdById: caller.personId,
    createdAt: NOW,
    lastEditedById: caller.personId,
    lastEditedAt: NOW,
  }),
  script_profile: ({ root, caller }, id) => ({
    title: `Profile ${id}`,
    scriptId: 1000,
    accessGroupId: root.id,
    createdById: caller.personId,
    createdAt: NOW,
    lastEditedAt: NOW,
    allComputers: true,
    tags: [],
    timeLimit: 300,
    username: 'root',
    archived: false,
    version: 1,
    triggerKind: 'one_time',
    eventType: null,
    timestamp: NOW,
    isFinished: false,
    interval: null,
    startAfter: null,
    arming: 1,
    nextRun: null,
    lastRun: null,
    spacedFrom: null,
    overlap: 'ALLOW',
    deliverWithin: null,
  }),
  computer: ({ root }, id) => ({
    title: `Computer ${id}`,
    hostname: `computer-${id}`,
    comment: '',
    status: 'accepted',
    accessGroupId: root.id,
    requestedTags: [],
    createdAt: NOW,
    acceptedAt: NOW,
  }),
  activity: ({ caller }) => ({
    parentId: null,
    type: 'ActivityGroup',
    summary: 'Run script',
    status: 'undelivered',
    creatorId: caller.personId,
    creationTime: NOW,
    completionTime: null,
    deliveryTime: null,
    deliverDelayWindow: 0,
    resultText: null,
    resultCode: null,
    scriptProfileId: null,
    computerId: null,
    scriptVersion: null,
    ...counters(null),
  }),
  event: ({ caller }) => ({
    action: 'SCRIPT_EDITED',
    createdAt: NOW,
    personId: caller.personId,
    personName: caller.name,
    personEmail: caller.email,
    changes: {},
  }),
};

/** Inserts rows. Keys are the names of the columns in camelCase, and omitted columns get valid values. */
export async function insert(
  connection: Connection,
  table: Table,
  account: TestAccount,
  rows: readonly Row[],
): Promise<void> {
  const complete = rows.map((row) => ({
    ...defaults[table](account, row.id),
    // A run counts its executions, but an execution has no counts.
    ...(table === 'activity' && (row.parentId ?? null) === null && counters([])),
    ...row,
  }));
  await insertRows(connection, table, account.id, complete);
  if (table !== 'script') return;
  const versions = rows.map(({ id }) => ({
    scriptId: id,
    number: 1,
    title: `Script ${id}`,
    interpreter: '/bin/sh',
    code: 'true\n',
    createdById: account.caller.personId,
    createdAt: NOW,
  }));
  await insertRows(connection, 'script_version', account.id, versions);
}

/**
 * A run with an execution on each of these computers. Executions have the run's columns by default, and the following
 * ids.
 */
export const aRun = (
  id: number,
  scriptProfileId: number,
  executions: readonly { computerId: number; status: string; [column: string]: unknown }[],
  status = 'undelivered',
): Row[] => [
  { id, scriptProfileId, status, ...counters(executions.map((execution) => execution.status)) },
  ...executions.map((execution, index) => ({
    id: id + 1 + index,
    parentId: id,
    type: 'ExecuteScriptRequest',
    ...execution,
  })),
];

/** Counters of a run whose executions have these statuses. Null for an execution. */
function counters(statuses: readonly string[] | null): Record<string, number | null> {
  const number = (...counted: readonly string[]) =>
    statuses?.filter((status) => counted.includes(status)).length ?? null;
  return {
    numUndelivered: number(...undeliveredStatuses),
    numDelivered: number('delivered'),
    numCanceled: number('canceled'),
    numFailed: number('failed'),
    numSucceeded: number('succeeded'),
  };
}

/**
 * For each table, the number of rows and the newest transaction that inserted or updated one. Any insert, update or
 * delete changes the result. Row locks and rolled back writes do not.
 */
export async function tableMarks({ prisma }: Database): Promise<Record<string, string>> {
  const tables = await prisma.$queryRawUnsafe<{ name: string }[]>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname = current_schema() AND tablename <> '_prisma_migrations' ORDER BY tablename`,
  );
  const marks = await prisma.$queryRawUnsafe<{ name: string; mark: string }[]>(
    tables
      .map(
        ({ name }) =>
          `SELECT '${name}' AS name, concat(count(*), ' rows, newest ', max(xmin::text::bigint)) AS mark FROM ${name}`,
      )
      .join(' UNION ALL '),
  );
  return Object.fromEntries(marks.map(({ name, mark }) => [name, mark]));
}
