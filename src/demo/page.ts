import type { Connection } from '../database/sql.ts';
import { wholeAccount } from '../domain/accounts/access.ts';
import type { AccessGroup } from '../domain/accounts/access-group.ts';
import type { Person } from '../domain/accounts/person.ts';
import type { Computer } from '../domain/computers/computer.ts';
import { parseCron } from '../domain/schedule/cron.ts';
import { slotOccasion } from '../domain/schedule/firing.ts';
import { nextRun } from '../domain/schedule/next-run.ts';
import {
  newProfileState,
  profileDefaults,
  type ScriptProfile,
} from '../domain/script-profiles/script-profile.ts';
import type { Instant } from '../domain/time.ts';
import { accessGroupRepository } from '../repositories/accounts/access-groups.ts';
import { createAccount, saveAdministrator } from '../repositories/accounts/accounts.ts';
import { limitsRepository } from '../repositories/accounts/limits.ts';
import { type History, writeHistory } from './history.ts';
import { continueFrom, insertComputers, insertProfiles, insertScripts } from './inserts.ts';
import { scripts, servers } from './page-fleet.ts';

/** The world of the API page's examples as it was loaded. The larger demonstration adds to it. */
export interface PageWorld {
  readonly accountId: number;
  readonly groups: Readonly<Record<'global' | 'server' | 'desktop', AccessGroup>>;
  readonly john: Person;
  readonly computers: readonly Computer[];
}

export interface Made {
  readonly now: Instant;
  /** John Smith's password hash. Null if he can't log in with a password. */
  readonly passwordHash: string | null;
}

export const pageLimits = { maxNumComputers: 5000, maxNumProfiles: 10, minInterval: 360 };

export async function loadPage(tx: Connection, { now, passwordHash }: Made): Promise<PageWorld> {
  const founded = '2025-03-03T09:00:00.000000Z';
  const accountId = await createAccount(tx, { name: 'standalone', title: 'Standalone', now: founded });
  await limitsRepository(tx).save(accountId, pageLimits);

  const accessGroups = accessGroupRepository(tx);
  const global = (await accessGroups.byName(wholeAccount(accountId), 'global'))!;
  const belowGlobal = (name: string, title: string) =>
    accessGroups.insert(accountId, { name, title, parentId: global.id });
  const server = await belowGlobal('server', 'Server');
  const desktop = await belowGlobal('desktop', 'Desktop');

  await continueFrom(tx, 'person', 1);
  const name = 'John Smith';
  const email = 'john@example.com';
  const id = await saveAdministrator(tx, { accountId, name, email, passwordHash, now: founded });
  const john = { id, name, email };

  const computers = servers(server);
  await insertComputers(tx, accountId, computers);
  await insertScripts(tx, accountId, scripts(global, server, john));
  const profiles = scriptProfiles(global, server, john, now);
  await insertProfiles(tx, accountId, profiles);
  await writeHistory(tx, accountId, oneTimeHistory(john), { run: 1, activity: 2396 });
  return { accountId, groups: { global, server, desktop }, john, computers };
}

const ONE_TIME = { timestamp: '2025-04-04T02:10:41.000000Z', lastRun: '2025-04-11T17:56:47.000000Z' };

function scriptProfiles(
  global: AccessGroup,
  server: AccessGroup,
  john: Person,
  now: Instant,
): ScriptProfile[] {
  const common = {
    createdBy: john,
    ...newProfileState,
    ...profileDefaults,
  };
  const interval = '0 8 * * *';
  const startAfter = '2025-04-23T02:10:41.000000Z';
  return [
    {
      ...common,
      id: 1,
      title: 'One Time Script Profile',
      scriptId: 34,
      accessGroup: server,
      createdAt: '2025-04-10T23:27:10.568080Z',
      lastEditedAt: '2025-04-10T23:27:10.568080Z',
      trigger: { kind: 'one_time', timestamp: ONE_TIME.timestamp, isFinished: true },
      lastRun: ONE_TIME.lastRun,
      allComputers: true,
      tags: [],
      timeLimit: 360,
      username: 'root',
    },
    {
      ...common,
      id: 4,
      title: 'Post Enrollment Script Profile',
      scriptId: 31,
      accessGroup: global,
      createdAt: '2025-04-10T23:29:58.396345Z',
      lastEditedAt: '2025-04-10T23:29:58.396345Z',
      trigger: { kind: 'event', eventType: 'post_enrollment' },
      allComputers: false,
      tags: ['server', 'laptop'],
      timeLimit: 200,
      username: 'ubuntu',
    },
    {
      ...common,
      id: 5,
      title: 'Recurring Script Profile',
      scriptId: 35,
      accessGroup: global,
      createdAt: '2025-04-10T23:36:21.411941Z',
      lastEditedAt: '2025-04-10T23:36:21.411941Z',
      trigger: { kind: 'recurring', interval, startAfter },
      // The page shows 00:08 on the day of `start_after`, but this cron expression never matches at that time.
      nextRun: nextRun({ cron: parseCron(interval), startAfter, minInterval: 360, now }) ?? null,
      allComputers: true,
      tags: [],
      timeLimit: 150,
      username: 'landscape',
    },
  ];
}

/** The run that the page shows. No computer has taken it, and it has no executions. */
function oneTimeHistory(john: Person): History {
  const { timestamp, lastRun } = ONE_TIME;
  const occasion = slotOccasion(timestamp, 1);
  return {
    runs: [
      {
        scriptProfileId: 1,
        occasion,
        slot: timestamp,
        createdAt: lastRun,
        creator: john,
        executions: [],
        status: 'undelivered',
      },
    ],
    slots: [
      {
        scriptProfileId: 1,
        status: 'fired',
        reason: null,
        firstSlot: timestamp,
        lastSlot: timestamp,
        number: 1,
        occasion,
      },
    ],
  };
}
