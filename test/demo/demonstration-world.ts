import { readFileSync } from 'node:fs';
import { afterAll, beforeAll } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { loadDemonstration, type Seed } from '../../src/demo/load.ts';
import { wholeAccount } from '../../src/domain/accounts/access.ts';
import type { Activity } from '../../src/domain/activities/activity.ts';
import { firstRows } from '../../src/domain/page.ts';
import { associationTarget, type ScriptProfile } from '../../src/domain/script-profiles/script-profile.ts';
import { type Instant, toRfc3339 } from '../../src/domain/time.ts';
import { createStore } from '../../src/repositories/store.ts';
import type { Repositories } from '../../src/services/ports.ts';
import { freshDatabase, resetDatabase } from '../support/database.ts';

export const NOW = '2026-11-23T23:45:12.123456Z';

const ALL = firstRows(1000);
const NEWEST_FIRST = { window: ALL, order: { field: 'CREATED_AT', direction: 'DESC' } } as const;
const OLDEST_FIRST = { window: ALL, order: { field: 'CREATION_TIME', direction: 'ASC' } } as const;

/** A database for the tests of one file. They empty it before they load data. */
export class World {
  database!: Database;
  read!: Repositories;
  account!: number;

  constructor() {
    beforeAll(async () => {
      this.database = await freshDatabase();
      this.read = createStore(this.database.prisma).read;
    });
    afterAll(() => this.database?.close());
  }

  empty(): Promise<void> {
    return resetDatabase(this.database);
  }

  async load(seed: Seed, now: Instant = NOW): Promise<boolean> {
    const loaded = await loadDemonstration(this.database.prisma, seed, { now, passwordHash: 'a hash' });
    this.account = (await this.read.people.caller('standalone', 'john@example.com'))!.accountId;
    return loaded;
  }

  async profiles(): Promise<readonly ScriptProfile[]> {
    const listing = { ...NEWEST_FIRST, filter: { status: 'ALL' } } as const;
    return (await this.read.scriptProfiles.page(wholeAccount(this.account), listing)).rows;
  }

  async activities(type: Activity['type']): Promise<readonly Activity[]> {
    const listing = { ...OLDEST_FIRST, filter: { types: [type] } };
    return (await this.read.activities.page(wholeAccount(this.account), listing)).rows;
  }

  /** Returns the profiles in the form of the REST API. */
  async onThePage(profiles: readonly ScriptProfile[]): Promise<unknown[]> {
    const counts = await this.read.computers.countReached(
      wholeAccount(this.account),
      profiles.map(associationTarget),
    );
    const last = await this.read.activities.lastOf(
      wholeAccount(this.account),
      profiles.map(({ id }) => id),
    );
    return profiles.map((profile, index) => ({
      id: profile.id,
      title: profile.title,
      script_id: profile.scriptId,
      access_group: profile.accessGroup.name,
      created_by: { name: profile.createdBy!.name, id: profile.createdBy!.id },
      created_at: profile.createdAt.slice(0, -1),
      last_edited_at: profile.lastEditedAt.slice(0, -1),
      trigger: triggerOnThePage(profile),
      all_computers: profile.allComputers,
      tags: profile.tags,
      time_limit: profile.timeLimit,
      username: profile.username,
      computers: { num_associated_computers: counts[index]?.all },
      activities: { last_activity: last[index] ? activityOnThePage(last[index]) : null },
      archived: profile.archived,
    }));
  }

  /** Returns the next id of each of these tables. */
  async nextIds(...tables: string[]): Promise<number[]> {
    const ids: number[] = [];
    for (const table of tables) {
      const [row] = await this.database.prisma.$queryRawUnsafe<[{ id: bigint }]>(
        `select nextval(pg_get_serial_sequence('${table}', 'id')) as id`,
      );
      ids.push(Number(row.id));
    }
    return ids;
  }

  /** Returns every row of every table. */
  async dump(): Promise<Record<string, string[]>> {
    const query = <Row>(text: string) => this.database.prisma.$queryRawUnsafe<Row[]>(text);
    const tables = await query<{ name: string }>(
      `select tablename::text as name from pg_tables where schemaname = current_schema() and tablename not like '\\_%' order by 1`,
    );
    const dump: Record<string, string[]> = {};
    for (const { name } of tables) {
      const found = await query<{ row: string }>(`select t::text as row from ${name} t order by 1`);
      dump[name] = found.map(({ row }) => row);
    }
    return dump;
  }
}

/** Reads a documented answer of the API. */
export const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/page/responses/${name}.json`, import.meta.url), 'utf8'));

const inSeconds = (instant: Instant | null) => instant && toRfc3339(instant.replace(/\.\d{6}Z$/, '.000000Z'));

function triggerOnThePage({ trigger, nextRun, lastRun }: ScriptProfile) {
  const runs = { last_run: inSeconds(lastRun), next_run: inSeconds(nextRun) };
  switch (trigger.kind) {
    case 'event':
      return { trigger_type: 'event', event_type: trigger.eventType };
    case 'one_time':
      return {
        trigger_type: 'one_time',
        timestamp: inSeconds(trigger.timestamp),
        is_finished: trigger.isFinished,
        ...runs,
      };
    case 'recurring':
      return {
        trigger_type: 'recurring',
        interval: trigger.interval,
        start_after: inSeconds(trigger.startAfter),
        ...runs,
      };
  }
}

export const activityOnThePage = (activity: Activity) => ({
  id: activity.id,
  creation_time: inSeconds(activity.creationTime),
  creator: activity.creator,
  type: activity.type,
  summary: activity.summary,
  completion_time: inSeconds(activity.completionTime),
  parent_id: activity.parentId,
  deliver_delay_window: activity.deliverDelayWindow,
  // No documented activity has a text.
  result_text: activity.resultTextLength,
  result_code: activity.resultCode,
  activity_status: activity.status,
});
