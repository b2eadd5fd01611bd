import type { Person } from '../domain/accounts/person.ts';
import type { Computer } from '../domain/computers/computer.ts';
import { REDACTED, type Script } from '../domain/scripts/script.ts';
import { addMinutes, type Instant } from '../domain/time.ts';
import type { PageWorld } from './page.ts';
import { scatter } from './scatter.ts';

/** The time that many days before `now`, with arbitrary microseconds. */
export function daysAgo(now: Instant, days: number): Instant {
  const minute = addMinutes(now, -Math.round(days * 1440)).slice(0, 17);
  const microsecond = String(scatter(60_000_000, Math.round(days * 1440))).padStart(8, '0');
  return `${minute}${microsecond.slice(0, 2)}.${microsecond.slice(2)}Z`;
}

/** The page's servers, with the tags that they have only in the larger demonstration. */
export function taggedServers(servers: readonly Computer[]): Computer[] {
  return servers.map((computer) => {
    const kind = /^(web|db)-/.exec(computer.hostname)?.[1];
    return { ...computer, tags: kind ? ['server', kind] : ['server'] };
  });
}

const NOBLE = {
  distributor: 'Ubuntu',
  description: 'Ubuntu 24.04.3 LTS',
  release: '24.04',
  codeName: 'noble',
};

/** Dashboards offer to run a script only on computers whose distributor is known. */
export const distributions = (computers: readonly Computer[]) =>
  computers.map(({ id }) => ({ computerId: id, distribution: NOBLE }));

/** Days before now at which each workstation was accepted. */
const WORKSTATION_DAYS = [22, 13, 6, 1];

/** Laptops accepted long ago, workstations of the last weeks, and two pending computers. */
export function desktopsAndPending({ groups }: PageWorld, now: Instant): Computer[] {
  const common = { comment: '', status: 'accepted', accessGroup: groups.desktop } as const;
  const laptop = (number: number) => ({
    title: `Laptop ${number}`,
    hostname: `laptop-${String(number).padStart(2, '0')}.example.com`,
    tags: ['laptop'],
  });
  const laptops = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => ({
    ...common,
    ...laptop(number),
    id: 20 + number,
    createdAt: `2025-03-05T14:0${number}:27.660134Z`,
    acceptedAt: '2025-03-05T14:30:02.117908Z',
  }));
  const workstations = WORKSTATION_DAYS.map((days, index) => ({
    ...common,
    id: 29 + index,
    title: `Workstation ${index + 1}`,
    hostname: `workstation-0${index + 1}.example.com`,
    tags: [],
    createdAt: daysAgo(now, days + 0.02),
    acceptedAt: daysAgo(now, days),
  }));
  const pending = { comment: '', status: 'pending', acceptedAt: null } as const;
  return [
    ...laptops,
    ...workstations,
    { ...pending, ...laptop(9), id: 33, accessGroup: groups.desktop, createdAt: daysAgo(now, 0.12) },
    {
      ...pending,
      id: 34,
      title: 'Web server 9',
      hostname: 'web-09.example.com',
      accessGroup: groups.server,
      tags: ['server', 'web'],
      createdAt: daysAgo(now, 0.01),
    },
  ];
}

/** Days before now at which the one-time profile and its script were archived. */
export const ARCHIVED_DAYS_AGO = 26;

export function demoScripts({ groups, john }: PageWorld, grace: Person, now: Instant): Script[] {
  const { global, server, desktop } = groups;
  const script = (
    id: number,
    title: string,
    code: string,
    changes: Partial<Script> & Pick<Script, 'accessGroup'>,
  ): Script => {
    const createdAt = daysAgo(now, 80 - id);
    return {
      id,
      title,
      code,
      status: 'ACTIVE',
      versionNumber: 1,
      version: 1,
      interpreter: '/bin/bash',
      timeLimit: 300,
      username: '',
      createdBy: john,
      createdAt,
      lastEditedBy: john,
      lastEditedAt: createdAt,
      ...changes,
    };
  };
  const byGrace = { createdBy: grace, lastEditedBy: grace };
  const archived = { status: 'ARCHIVED', lastEditedAt: daysAgo(now, ARCHIVED_DAYS_AGO) } as const;
  return [
    script(36, 'Check the newest backup', 'ls -t /var/backups/*.dump | head -n 1\n', { accessGroup: server }),
    script(37, 'Report the OpenSSL version', 'openssl version\n', {
      accessGroup: global,
      ...byGrace,
      ...archived,
    }),
    script(38, 'Count old logs', 'find /var/log -name "*.gz" -mtime +30 | wc --lines\n', {
      accessGroup: server,
    }),
    script(39, 'Welcome a workstation', 'echo "Welcome to $(hostname)"\n', {
      accessGroup: desktop,
      ...byGrace,
    }),
    script(
      40,
      'Report when certificates expire',
      'openssl x509 -enddate -noout -in /etc/ssl/certs/web.pem\n',
      {
        accessGroup: server,
      },
    ),
    script(41, 'Rotate the old password', REDACTED.code, {
      accessGroup: global,
      interpreter: REDACTED.interpreter,
      status: 'REDACTED',
      lastEditedBy: grace,
      lastEditedAt: daysAgo(now, 12),
    }),
  ];
}
