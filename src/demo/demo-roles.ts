import type { Person } from '../domain/accounts/person.ts';
import type { RoleDraft } from '../domain/accounts/role.ts';
import type { PageWorld } from './page.ts';

/** The sample roles of the real system whose permissions exist here. */
export function demoRoles({ groups }: PageWorld, grace: Person): RoleDraft[] {
  const { global, server, desktop } = groups;
  const views = ['ViewScript', 'ViewScriptProfile', 'ViewComputer'] as const;
  const manages = ['ManageScriptProfile', 'ManageComputer', 'ManagePendingComputer'] as const;
  const common = { accountPermissions: [], persons: [] };
  return [
    {
      ...common,
      name: 'Auditor',
      description: 'Sees everything, and changes nothing.',
      permissions: views,
      accountPermissions: ['ViewRole', 'ViewEventLog'],
      accessGroups: [global],
    },
    {
      ...common,
      name: 'SupportAnalyst',
      description: 'Looks after computers, and sees what runs on them.',
      permissions: [...views, 'ManageComputer', 'ManagePendingComputer'],
      accessGroups: [global],
    },
    {
      ...common,
      name: 'ServerAdmin',
      description: 'Runs the servers.',
      permissions: [...views, ...manages, 'ManageScript'],
      accessGroups: [server],
      persons: [grace],
    },
    {
      ...common,
      name: 'DesktopAdmin',
      description: 'Runs the desktops.',
      permissions: [...views, ...manages],
      accessGroups: [desktop],
      persons: [grace],
    },
  ];
}
