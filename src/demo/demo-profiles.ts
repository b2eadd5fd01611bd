import type { Person } from '../domain/accounts/person.ts';
import {
  newProfileState,
  profileDefaults,
  type ScriptProfile,
} from '../domain/script-profiles/script-profile.ts';
import type { EventTrigger, OneTimeTrigger } from '../domain/script-profiles/trigger.ts';
import { addMinutes, cutToMinute, cutToSecond, type Instant } from '../domain/time.ts';
import { ARCHIVED_DAYS_AGO, daysAgo } from './demo-fleet.ts';
import type { PageWorld } from './page.ts';
import type { Recurring } from './past-slots.ts';

/** The profiles without the values that depend on their runs, which are added later. */
export interface DemoProfiles {
  readonly backups: Recurring;
  readonly openssl: ScriptProfile & { readonly trigger: OneTimeTrigger };
  readonly logs: Recurring;
  readonly welcome: ScriptProfile & { readonly trigger: EventTrigger };
  readonly certificates: ScriptProfile & { readonly trigger: OneTimeTrigger };
}

/**
 * Four more profiles that count against the limit, so three of the page's ten places are free. One further profile is
 * archived.
 */
export function demoProfiles({ groups, john }: PageWorld, grace: Person, now: Instant): DemoProfiles {
  const { global, server, desktop } = groups;
  const commonFields = (days: number, by: Person) => ({
    createdBy: by,
    createdAt: daysAgo(now, days),
    lastEditedAt: daysAgo(now, days),
    ...newProfileState,
    ...profileDefaults,
  });
  const recurring = (interval: string, days: number) => ({
    kind: 'recurring' as const,
    interval,
    startAfter: cutToMinute(daysAgo(now, days)),
  });
  const inTwoDays = `${addMinutes(now, 2 * 1440).slice(0, 13)}:00:00.000000Z`;
  return {
    backups: {
      ...commonFields(40, john),
      id: 6,
      title: 'Check the backups every night',
      scriptId: 36,
      accessGroup: server,
      trigger: recurring('30 2 * * *', 40),
      tags: ['db'],
      timeLimit: 900,
      username: 'root',
      overlap: 'SKIP',
      pausedAt: daysAgo(now, 3.2),
      pauseNote: 'Until the move to the new backup store is done.',
    },
    openssl: {
      ...commonFields(31, grace),
      id: 7,
      title: 'Look for the OpenSSL fix',
      scriptId: 37,
      accessGroup: global,
      trigger: { kind: 'one_time', timestamp: cutToSecond(daysAgo(now, 30)), isFinished: true },
      tags: ['server'],
      timeLimit: 600,
      username: 'root',
      archived: true,
      version: 2,
      lastEditedAt: daysAgo(now, ARCHIVED_DAYS_AGO),
    },
    logs: {
      ...commonFields(28, john),
      id: 8,
      title: 'Count old logs on web servers',
      scriptId: 38,
      accessGroup: server,
      // The interval is shorter than the limits allow, so every second slot is moved.
      trigger: recurring('0 */4 * * *', 28),
      tags: ['web'],
      timeLimit: 120,
      username: 'root',
      version: 2,
      lastEditedAt: daysAgo(now, 20),
    },
    welcome: {
      ...commonFields(25, grace),
      id: 9,
      title: 'Welcome new workstations',
      scriptId: 39,
      accessGroup: desktop,
      trigger: { kind: 'event', eventType: 'post_enrollment' },
      allComputers: true,
      timeLimit: 300,
      username: 'ubuntu',
    },
    certificates: {
      ...commonFields(2, john),
      id: 10,
      title: 'Check the certificates before the audit',
      scriptId: 40,
      accessGroup: server,
      trigger: { kind: 'one_time', timestamp: inTwoDays, isFinished: false },
      nextRun: inTwoDays,
      tags: ['web'],
      timeLimit: 900,
      username: 'root',
    },
  };
}
