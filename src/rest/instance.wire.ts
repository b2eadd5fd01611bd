import { type ComputerData, computerFields } from './computer.wire.ts';
import type { Query } from './request.ts';
import { seconds } from './time.wire.ts';

/** What the pages about computers show, and not only the lists of a profile. */
export const instanceFields = `${computerFields} createdAt
  targetedBy @include(if: $withProfiles) { scriptProfile { databaseId title } }`;

export interface InstanceData extends ComputerData {
  readonly createdAt: string;
  readonly targetedBy?: readonly {
    readonly scriptProfile: { readonly databaseId: number; readonly title: string };
  }[];
}

/** What a caller may ask for beside the rest. Of what is not known here there is an empty answer. */
export const withFlags = [
  ...['with_alerts', 'with_annotations', 'with_network', 'with_profiles', 'with_release_upgrades'],
  ...['with_upgrades', 'with_wsl_profiles'],
] as const;

/**
 * A computer, with every key that clients read: nothing is known here of its hardware, distribution,
 * containers, children or licence.
 */
export const toInstance =
  (query: Query) =>
  ({ targetedBy, ...computer }: InstanceData) => ({
    id: computer.databaseId,
    title: computer.title,
    comment: computer.comment,
    hostname: computer.hostname,
    total_memory: null,
    total_swap: null,
    reboot_required_flag: false,
    registered_at: seconds(computer.createdAt),
    update_manager_prompt: null,
    clone_id: null,
    last_exchange_time: null,
    last_ping_time: null,
    tags: computer.tags,
    access_group: computer.accessGroup.name,
    distribution: null,
    distribution_info: null,
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
    ...(query.flag('with_alerts') && { alerts: [] }),
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
