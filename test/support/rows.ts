import type { Caller } from '../../src/domain/access.ts';
import type { AccessGroup } from '../../src/domain/access-group.ts';
import { accessGroupRepository } from '../../src/persistence/access-groups.ts';
import { createAccount, savePerson } from '../../src/persistence/accounts.ts';
import type { Database } from '../../src/persistence/database.ts';
import { insertRows } from '../../src/persistence/demonstration/inserts.ts';
import { peopleRepository } from '../../src/persistence/people.ts';
import { NOW } from './builders.ts';

type Prisma = Database['prisma'];

/** An account with one person and nothing but its root group. */
export interface TestAccount {
  readonly id: number;
  readonly name: string;
  readonly caller: Caller;
  readonly root: AccessGroup;
}

export async function anAccount(
  prisma: Prisma,
  name = 'acme',
  email = 'jane@example.com',
): Promise<TestAccount> {
  const id = await createAccount(prisma, { name, title: name, now: NOW });
  await savePerson(prisma, { accountId: id, email, name: 'Jane Doe', passwordHash: null, now: NOW });
  const caller = (await peopleRepository(prisma).caller(name, email))!;
  return { id, name, caller, root: (await accessGroupRepository(prisma).byName(id, 'global'))! };
}

/**
 * Rows put into their tables as they are, with the times, states and ids that a test wants. Ids are unique in
 * an account only; from 1,000 on, they stay out of the way of what the sequences give out.
 */
export type Row = { readonly id: number } & Readonly<Record<string, unknown>>;
export type Table = 'script' | 'script_profile' | 'computer' | 'activity';

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
  }),
};

/** Keys are the columns' names in camelCase; those that are left out get a value that fits. */
export async function insert(
  prisma: Prisma,
  table: Table,
  account: TestAccount,
  rows: readonly Row[],
): Promise<void> {
  const complete = rows.map((row) => ({ ...defaults[table](account, row.id), ...row }));
  await insertRows(prisma, table, account.id, complete);
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
  await insertRows(prisma, 'script_version', account.id, versions);
}

/** A run, and its executions on these computers, each as the run unless told; ids count on from the run's. */
export const aRun = (
  id: number,
  scriptProfileId: number,
  executions: readonly { computerId: number; status: string; [column: string]: unknown }[],
  status = 'undelivered',
): Row[] => [
  { id, scriptProfileId, status },
  ...executions.map((execution, index) => ({
    id: id + 1 + index,
    parentId: id,
    type: 'ExecuteScriptRequest',
    ...execution,
  })),
];
