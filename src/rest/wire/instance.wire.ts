import type { Query } from '../request.ts';
import { type ComputerData, computerFields } from './computer.wire.ts';
import { seconds } from './time.wire.ts';

/** What the pages about computers show, and not only the lists of a profile. */
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

/** What a caller may ask for beside the rest. Of what is not known here there is an empty answer. */
export const withFlags = [
  ...['with_alerts', 'with_annotations', 'with_network', 'with_profiles', 'with_release_upgrades'],
  ...['with_upgrades', 'with_wsl_profiles'],
] as const;

const OFFLINE = { type: 'ComputerOfflineAlert', summary: 'Computer is offline', severity: 'warning' };

/**
 * A computer, with every key that clients read. Nothing is known here of its hardware but the memory, nor of containers,
 * children or its licence.
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
