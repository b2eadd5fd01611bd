import type { Query } from '../request.ts';
import { type ComputerData, computerFields } from './computer.wire.ts';
import { seconds } from './time.wire.ts';

/** Fields for pages about computers. The lists of a profile need fewer. */
export const instanceFields = `${computerFields} createdAt lastSeenAt lastPingAt totalMemory totalSwap
  isOffline @include(if: $withAlerts)
  distribution { distributor description release codeName }
  targetedBy @include(if: $withProfiles) { scriptProfile { databaseId title } }`;

export interface InstanceData extends ComputerData {
  readonly createdAt: string;
  readonly lastSeenAt: string | null;
  readonly isOffline?: boolean;
  readonly lastPingAt: string | null;
  readonly totalMemory: number | null;
  readonly totalSwap: number | null;
  readonly distribution: {
    readonly distributor: string | null;
    readonly description: string | null;
    readonly release: string | null;
    readonly codeName: string | null;
  } | null;
  readonly targetedBy?: readonly {
    readonly scriptProfile: { readonly databaseId: number; readonly title: string };
  }[];
}

/** Flags that request additional data. The answer is empty if the server does not have the data. */
export const withFlags = [
  ...['with_alerts', 'with_annotations', 'with_network', 'with_profiles', 'with_release_upgrades'],
  ...['with_upgrades', 'with_wsl_profiles'],
] as const;

const OFFLINE = { type: 'ComputerOfflineAlert', summary: 'Computer is offline', severity: 'warning' };

/**
 * Converts a computer, with every key that clients read. The server knows the memory, but no other hardware,
 * containers, children or licence.
 */
export const toInstance =
  (query: Query) =>
  ({ targetedBy, distribution, ...computer }: InstanceData) => ({
    id: computer.databaseId,
    title: computer.title,
    comment: computer.comment,
    hostname: computer.hostname,
    total_memory: computer.totalMemory,
    total_swap: computer.totalSwap,
    reboot_required_flag: false,
    registered_at: seconds(computer.createdAt),
    update_manager_prompt: null,
    clone_id: null,
    last_exchange_time: seconds(computer.lastSeenAt),
    last_ping_time: seconds(computer.lastPingAt),
    tags: computer.tags,
    access_group: computer.accessGroup.name,
    distribution: distribution?.release ?? null,
    distribution_info: distribution && {
      distributor: distribution.distributor,
      description: distribution.description,
      release: distribution.release,
      code_name: distribution.codeName,
    },
    cloud_init: {},
    cloud_instance_metadata: {},
    vm_info: null,
    container_info: null,
    default_child: null,
    ubuntu_pro_info: null,
    is_wsl_instance: false,
    children: [],
    is_default_child: null,
    parent: null,
    archived: false,
    employee_id: null,
    has_release_upgrades: false,
    ...(query.flag('with_alerts') && { alerts: computer.isOffline ? [OFFLINE] : [] }),
    ...(query.flag('with_annotations') && { annotations: {} }),
    ...(query.flag('with_network') && { network_devices: [] }),
    ...(query.flag('with_upgrades') && { upgrades: { regular: 0, security: 0 } }),
    ...(query.flag('with_wsl_profiles') && { wsl_profiles: [] }),
    ...(targetedBy && {
      profiles: targetedBy.map(({ scriptProfile: { databaseId: id, title } }) => ({
        id,
        name: null,
        title,
        type: 'script',
      })),
    }),
  });
