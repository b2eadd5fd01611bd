import type pg from 'pg';
import { connectPostgresql } from '../../src/database/database.ts';
import type { Instant } from '../../src/domain/time.ts';
import { createAccount, saveAdministrator } from '../../src/repositories/accounts/accounts.ts';
import { createStore } from '../../src/repositories/store.ts';
import { createServices } from '../../src/services/index.ts';
import { between, type Chance, oneOf } from '../../tools/seeded.ts';
import { CREATE_CLOCK, chaosClock } from './clock.ts';

export const ACCOUNT = 'chaos';
export const EMAIL = 'chaos@example.com';
/** Minimum interval in minutes. */
export const SPACING = 30;
/** Seconds. A run that hangs delays the next ones for half a day. */
const LONG = 43_200;
/** Close to a leap day, the end of a month and a week-end. */
const STARTS_AT = '2028-02-27T21:17:23Z';
const TAGS = ['server', 'laptop', 'web', 'db'];
/**
 * Number of profiles that are due each minute on all computers. The first one's runs may not overlap. The second one's
 * are soon overdue.
 */
const FIXED = 2;
const COMPUTERS = 12;
const SWITCHED_ON = 3;

export const intervals = [
  '* * * * *',
  '*/5 * * * *',
  '7-52/15 * * * *',
  '0 * * * *',
  '15,45 * * * *',
  '0 */2 * * *',
  '30 6 * * *',
  '0 8-18/3 * * 1-5',
  '20 3 1-15 * 2',
  '0 0 * * *',
  '59 23 29 2 *',
];

/** The driver's knowledge of a profile, without asking the servers. The results are compared with it. */
export interface Known {
  readonly id: number;
  readonly kind: 'recurring' | 'one_time' | 'event';
  readonly createdAt: Instant;
  /** Each interval or timestamp, with the time from which it applied. */
  readonly triggers: { readonly value: string; readonly since: Instant }[];
  /** Each set of targets, with the time from which it applied. Null for all computers. */
  readonly reach: { readonly tags: readonly string[] | null; readonly since: Instant }[];
  readonly pauses: { readonly from: Instant; until: Instant | null }[];
  archivedAt: Instant | null;
  /** Whether people leave it unchanged, because the run depends on its slots. */
  readonly isFixed: boolean;
  readonly handKeys: string[];
}

export interface World {
  readonly profiles: Known[];
  /** Tags of each computer that the profiles reach. */
  readonly computers: ReadonlyMap<number, readonly string[]>;
  /** Tokens of the computers that are switched on. */
  readonly tokens: readonly string[];
  /** Periods that happened twice, because the clock was set back. */
  readonly relived: { readonly from: Instant; readonly until: Instant }[];
  readonly accountId: number;
  readonly personId: number;
}

export const ruleOf = (chance: Chance): readonly string[] | null =>
  chance() < 0.3 ? null : [...new Set([oneOf(chance, TAGS), oneOf(chance, TAGS)])];

/** Returns a time in whole seconds, between an hour ago and some days from now. Each is different. */
let used = 0;
export function someTime(chance: Chance, now: Instant): string {
  used += 1;
  const ahead = between(chance, -60, 4 * 1440) * 60_000 + (used % 60) * 1000;
  return new Date(Date.parse(`${now.slice(0, 16)}Z`) + ahead).toISOString().replace('.000Z', '.000000Z');
}

/** Creates an account, computers and profiles, and sets the clock to the start. */
export async function makeWorld(
  url: string,
  driver: pg.Pool,
  chance: Chance,
  profileCount: number,
): Promise<World> {
  await driver.query(CREATE_CLOCK);
  await driver.query('INSERT INTO chaos_clock VALUES ($1::timestamptz - clock_timestamp())', [STARTS_AT]);
  const database = connectPostgresql(url);
  try {
    const store = createStore(database.prisma, chaosClock);
    const services = createServices(store);
    const now = await chaosClock(database.prisma);
    const accountId = await createAccount(database.prisma, { name: ACCOUNT, title: 'Chaos', now });
    await saveAdministrator(database.prisma, {
      accountId,
      email: EMAIL,
      name: 'Chaos',
      passwordHash: null,
      now,
    });
    const caller = (await services.people.caller(ACCOUNT, EMAIL))!;
    await services.limits.update(caller, { maxNumProfiles: 10_000, minInterval: SPACING });
    for (const title of ['Fleet', 'Late']) await services.accessGroups.create(caller, { title });

    const scripts = new Map<string, number>();
    for (const accessGroup of ['fleet', 'late']) {
      const draft = { title: `Of ${accessGroup}`, interpreter: '/bin/sh', code: 'true\n', accessGroup };
      scripts.set(accessGroup, (await services.scripts.create(caller, draft as never)).id);
    }
    const computers = new Map<number, readonly string[]>();
    const tokens: string[] = [];
    for (let n = 0; n < COMPUTERS; n += 1) {
      const tags = TAGS.filter((_, index) => n & (1 << index));
      const draft = { hostname: `computer-${n}`, tags, accessGroup: 'fleet' };
      const { computer, token } = await services.computers.enrol({ kind: 'person', caller }, draft);
      computers.set(computer.id, tags);
      // These computers have the most tags.
      if (n >= COMPUTERS - SWITCHED_ON) tokens.push(token);
    }
    await services.computers.accept(caller, [...computers.keys()], {});

    const profiles: Known[] = [];
    for (let n = 0; n < profileCount; n += 1) {
      const kind = n % 50 === 49 ? 'event' : n % 4 === 3 ? 'one_time' : 'recurring';
      const mayOverlap = n % 5 !== 0;
      const isFixed = n < FIXED;
      const tags = isFixed || kind === 'event' ? null : ruleOf(chance);
      const interval = isFixed ? intervals[0]! : intervals[n % intervals.length]!;
      const value = kind === 'recurring' ? interval : someTime(chance, now);
      const trigger = {
        recurring: { kind, interval: value, startAfter: '2028-01-01T00:00:00.000000Z' },
        one_time: { kind, timestamp: value, isFinished: false },
        event: { kind, eventType: 'post_enrollment' },
      }[kind];
      const made = await services.scriptProfiles.create(caller, {
        title: `Profile ${n}`,
        scriptId: scripts.get(kind === 'event' ? 'late' : 'fleet')!,
        username: 'root',
        timeLimit: mayOverlap ? 60 : LONG,
        allComputers: tags === null,
        tags: tags ?? [],
        trigger,
        overlap: mayOverlap ? 'ALLOW' : 'SKIP',
      } as never);
      const since = made.createdAt;
      profiles.push({
        id: made.id,
        kind,
        createdAt: since,
        triggers: [{ value, since }],
        reach: [{ tags, since }],
        pauses: [],
        archivedAt: null,
        isFixed,
        handKeys: [],
      });
    }
    return { profiles, computers, tokens, relived: [], accountId, personId: caller.personId };
  } finally {
    await database.close();
  }
}
