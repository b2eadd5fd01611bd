import type { AccessGroup } from '../domain/accounts/access-group.ts';
import type { Person } from '../domain/accounts/person.ts';
import type { Computer } from '../domain/computers/computer.ts';
import type { Script } from '../domain/scripts/script.ts';

/** Number of servers of each kind, twenty in total. */
const FLEET = [
  ['web', 'Web server', 8],
  ['db', 'Database server', 5],
  ['mail', 'Mail server', 2],
  ['build', 'Build server', 2],
  ['files', 'File server', 1],
  ['backup', 'Backup server', 1],
  ['monitor', 'Monitoring', 1],
] as const;

export function servers(accessGroup: AccessGroup): Computer[] {
  const names = FLEET.flatMap(([host, title, number]) =>
    Array.from({ length: number }, (_, index) => ({
      hostname: `${host}-${String(index + 1).padStart(2, '0')}.example.com`,
      title: number > 1 ? `${title} ${index + 1}` : title,
    })),
  );
  return names.map(({ hostname, title }, index) => ({
    id: index + 1,
    title,
    hostname,
    comment: '',
    status: 'accepted',
    accessGroup,
    tags: [],
    createdAt: `2025-03-04T10:${10 + index}:08.204417Z`,
    acceptedAt: `2025-03-04T11:02:33.917205Z`,
  }));
}

export function scripts(global: AccessGroup, server: AccessGroup, john: Person): Script[] {
  const script = (id: number, title: string, accessGroup: AccessGroup, code: string): Script => ({
    id,
    title,
    accessGroup,
    code,
    status: 'ACTIVE',
    versionNumber: 1,
    version: 1,
    interpreter: '/bin/bash',
    timeLimit: 300,
    username: '',
    createdBy: john,
    createdAt: `2025-04-10T22:${id}:51.730226Z`,
    lastEditedBy: john,
    lastEditedAt: `2025-04-10T22:${id}:51.730226Z`,
  });
  return [
    script(31, 'Note the enrolment', global, 'logger --tag enrolment "$(hostname) was enrolled"\n'),
    script(34, 'Report disk usage', server, 'df --human-readable --local\n'),
    script(35, 'Report failed services', global, 'systemctl list-units --failed --no-legend\n'),
  ];
}
