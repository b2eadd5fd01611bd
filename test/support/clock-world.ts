import type { Database } from '../../src/database/database.ts';
import { DEMONSTRATION_ADMINISTRATOR, loadDemonstration } from '../../src/demo/load.ts';
import type { Caller } from '../../src/domain/accounts/access.ts';
import { firstRows } from '../../src/domain/page.ts';
import { addMinutes, type Instant, parseInstant } from '../../src/domain/time.ts';
import { createStore } from '../../src/repositories/store.ts';
import {
  type DueWork,
  dueProfiles,
  lateDeliveries,
  overdueExecutions,
} from '../../src/scheduling/due-work.ts';
import { createTick, type Tick } from '../../src/scheduling/tick.ts';
import type { LedgerEntry } from '../../src/services/activities/run-ports.ts';
import { createServices, type Services } from '../../src/services/index.ts';
import { freshDatabase } from './database.ts';

const PAGE_LOADED = '2025-04-23T00:00:00.000000Z';
const NEWEST_FIRST = { field: 'CREATION_TIME', direction: 'DESC' } as const;
const ALL = firstRows(10_000);

/** The documented data, with a clock that the test moves. */
export interface ClockWorld {
  readonly database: Database;
  readonly services: Services;
  readonly caller: Caller;
  readonly tick: Tick;
  /** Fails overdue executions. */
  readonly overdue: Tick;
  /** Cancels executions that were not delivered in time. */
  readonly deliveries: Tick;
  now(): Instant;
  /** Moves the clock to a time, such as `2025-05-01T08:00`. */
  setNow(time: string): void;
  passMinutes(minutes: number): void;
  /** Creates a profile of script 31. Defaults to all computers. */
  create(title: string, trigger: object, overrides?: object): Promise<number>;
  profile(id: number): Promise<NonNullable<Awaited<ReturnType<Services['scriptProfiles']['byIds']>>[number]>>;
  runs(id: number): Promise<Awaited<ReturnType<Services['activities']['pagesOf']>>[number]['rows']>;
  /** The ledger, oldest first, in the form `status reason first last number`. */
  ledger(id: number): Promise<string[]>;
  close(): Promise<void>;
}

export async function clockWorld(): Promise<ClockWorld> {
  const database = await freshDatabase();
  let time: Instant = PAGE_LOADED;
  await loadDemonstration(database.prisma, 'page', { now: time, passwordHash: null });
  const services = createServices(createStore(database.prisma, async () => time));
  const caller = (await services.people.caller(
    DEMONSTRATION_ADMINISTRATOR.account,
    DEMONSTRATION_ADMINISTRATOR.email,
  ))!;
  // Otherwise the documented recurring profile would also fire.
  await services.scriptProfiles.archive(caller, 5);
  await services.limits.update(caller, { maxNumProfiles: 10_000, minInterval: 60 });
  const report = (fault: unknown) => {
    throw fault;
  };
  const tickOf = (work: DueWork) => createTick({ work, concurrency: 1, report });
  const world: ClockWorld = {
    database,
    services,
    caller,
    tick: tickOf(dueProfiles(services.runs)),
    overdue: tickOf(overdueExecutions(services.executions)),
    deliveries: tickOf(lateDeliveries(services.executions)),
    now: () => time,
    setNow: (text) => {
      time = parseInstant(text)!;
    },
    passMinutes: (minutes) => {
      time = addMinutes(time, minutes);
    },
    async create(title, trigger, overrides = {}) {
      const draft = { title, scriptId: 31, username: 'root', timeLimit: 60, allComputers: true, tags: [] };
      const made = await services.scriptProfiles.create(caller, { ...draft, trigger, ...overrides } as never);
      return made.id;
    },
    profile: async (id) => (await services.scriptProfiles.byIds(caller, [id]))[0]!,
    async runs(id) {
      const listing = { order: NEWEST_FIRST, window: ALL };
      const [page] = await services.activities.pagesOf(caller, 'scriptProfileId', [id], listing);
      return page!.rows;
    },
    async ledger(id) {
      const listing = { order: { field: 'FIRST_SLOT', direction: 'ASC' } as const, window: ALL };
      const [page] = await services.runs.slotsOf(caller, [id], listing);
      return page!.rows.map(shown);
    },
    close: () => database.close(),
  };
  return world;
}

const shown = ({ status, reason, firstSlot, lastSlot, number }: LedgerEntry): string =>
  [status, reason, firstSlot.slice(0, 16), lastSlot.slice(0, 16), number]
    .filter((part) => part !== null)
    .join(' ');
