import { activityStatuses, activityTypes } from '../../domain/activities/activity.ts';
import { scriptStatuses } from '../../domain/scripts/script.ts';
import { HIDDEN_KEY } from '../preferences.ts';
import {
  body,
  constant,
  flag,
  integer,
  list,
  microseconds,
  nullable,
  page,
  ref,
  type Schema,
  seconds,
  text,
  whole,
} from './openapi-schemas.ts';

const nothing = { type: 'null' };
const empty = { type: 'object', additionalProperties: false };
const emptyList = { type: 'array', items: {}, maxItems: 0 };
const emptyText = constant('');

const person = whole({ id: nullable(integer), name: nullable(text) });
const plainScript = {
  id: integer,
  title: text,
  version_number: integer,
  created_by: person,
  created_at: microseconds,
  last_edited_by: person,
  last_edited_at: microseconds,
  script_profiles: list(whole({ title: text, id: integer })),
  status: { type: 'string', enum: scriptStatuses },
  attachments: list(whole({ filename: text, id: integer })),
  code: text,
  interpreter: text,
  access_group: text,
  time_limit: integer,
  username: text,
};

const computer = { id: integer, title: text, comment: text, hostname: text };
const instance = {
  ...computer,
  total_memory: nullable(integer),
  total_swap: nullable(integer),
  reboot_required_flag: flag,
  registered_at: seconds,
  update_manager_prompt: nothing,
  clone_id: nothing,
  last_exchange_time: nullable(seconds),
  last_ping_time: nullable(seconds),
  tags: list(text),
  access_group: text,
  distribution: nullable(text),
  distribution_info: {
    anyOf: [
      nothing,
      whole({
        distributor: nullable(text),
        description: nullable(text),
        release: nullable(text),
        code_name: nullable(text),
      }),
    ],
  },
  cloud_init: empty,
  cloud_instance_metadata: empty,
  vm_info: nothing,
  container_info: nothing,
  default_child: nothing,
  ubuntu_pro_info: nothing,
  is_wsl_instance: flag,
  children: emptyList,
  is_default_child: nothing,
  parent: nothing,
  archived: flag,
  employee_id: nothing,
  has_release_upgrades: flag,
};
/** Properties that are present only if the caller requests them. */
const instanceExtras = {
  alerts: list(
    whole({ type: constant('ComputerOfflineAlert'), summary: text, severity: constant('warning') }),
  ),
  annotations: empty,
  network_devices: emptyList,
  upgrades: whole({ regular: integer, security: integer }),
  wsl_profiles: emptyList,
  profiles: list(whole({ id: integer, name: nothing, title: text, type: constant('script') })),
};

const creator = nullable(whole({ name: text, email: text, id: integer }));
const actions = whole({ approvable: flag, cancelable: flag, reappliable: flag });
const activity = {
  id: integer,
  creation_time: seconds,
  creator,
  type: { type: 'string', enum: activityTypes },
  summary: text,
  completion_time: nullable(seconds),
  result_text: nullable(text),
  result_code: nullable(integer),
  activity_status: { type: 'string', enum: activityStatuses },
  actions,
};

const method = whole({ available: flag, enabled: flag });

/** Schemas for scripts, computers and activities, which existing clients use together with script profiles. */
export const neighbourSchemas: Readonly<Record<string, Schema>> = {
  Script: whole({ ...plainScript, is_redactable: flag, is_editable: flag, is_executable: flag }),
  ScriptPage: page('Script'),
  ScriptVersion: whole({
    id: integer,
    created_by: nullable(whole({ name: text, id: integer })),
    title: text,
    version_number: integer,
    code: text,
    interpreter: text,
    created_at: microseconds,
  }),
  ScriptVersionPage: page('ScriptVersion'),
  Instance: {
    type: 'object',
    properties: { ...instance, ...instanceExtras },
    required: Object.keys(instance),
    additionalProperties: false,
  },
  InstancePage: page('Instance'),
  Tag: text,
  TagPage: page('Tag'),
  ProfileChange: whole({
    tag: text,
    profile: whole({
      name: text,
      current_associated_instances: integer,
      profile_type: constant('ScriptProfile'),
      will_exceed_limit: flag,
      will_exclude_instances: flag,
    }),
  }),
  ProfileChangePage: page('ProfileChange'),
  AnyActivity: {
    oneOf: [
      whole({ ...activity, parent_id: nothing, deliver_delay_window: integer }),
      whole({
        ...activity,
        parent_id: integer,
        computer_id: nullable(integer),
        approval_time: nothing,
        delivery_time: nullable(seconds),
        deliver_after_time: nullable(seconds),
        deliver_before_time: nothing,
        modification_time: seconds,
        schedule_before_time: nothing,
        schedule_after_time: nothing,
        children: emptyList,
      }),
    ],
  },
  AnyActivityPage: page('AnyActivity'),
  About: whole({
    self_hosted: flag,
    package_version: text,
    revision: emptyText,
    display_disa_stig_banner: flag,
  }),
  Feature: whole({
    key: text,
    enabled: flag,
    name: text,
    description: text,
    database_key: integer,
    details: whole({ configuration: flag }),
  }),
  FeaturePage: page('Feature'),
  StandaloneAccount: whole({ exists: flag }),
  LoginMethods: whole({
    password: method,
    pam: method,
    ubuntu_one: method,
    standalone_oidc: method,
    oidc: whole({ available: flag, configurations: emptyList }),
  }),
  DashboardUrl: whole({ url: emptyText }),
  AlertsSummary: whole({ alerts_summary: emptyList }),
  Preferences: whole({
    audit_retention_period: integer,
    auto_register_new_computers: flag,
    has_registration_password: flag,
    registration_password: {
      ...nullable(constant(HIDDEN_KEY)),
      description: `\`${HIDDEN_KEY}\` replaces the key, which is never returned. Null if no key is set.`,
    },
    title: text,
    ubuntu_one: flag,
  }),
  PreferencesUpdate: body({
    auto_register_new_computers: nullable(flag),
    registration_password: nullable({
      type: 'string',
      pattern: '^(.{8,255})?$',
      description: `Registration key for the enrolment of computers: 8 to 255 characters. \`${HIDDEN_KEY}\` keeps the stored key. Null and an empty string remove it.`,
    }),
    title: nullable({ type: 'string', minLength: 1, maxLength: 255 }),
  }),
  PlainScript: whole(plainScript),
  AccessGroup: whole({
    name: text,
    title: text,
    parent: { type: 'string', description: 'Name of the parent. Empty for the root.' },
    children: { type: 'string', description: 'Names of access groups, separated by commas.' },
  }),
  AccessGroups: list(ref('AccessGroup')),
  ActivityTypes: list({ type: 'string', enum: activityTypes }),
  Ids: list(integer),
  PendingComputers: list(
    whole({
      id: integer,
      title: text,
      hostname: text,
      creation_time: seconds,
      vm_info: nothing,
      container_info: nothing,
      client_tags: list(text),
      access_group: text,
    }),
  ),
  AcceptedComputers: list(
    whole({ ...computer, tags: list(text), access_group: text, last_exchange_time: nothing }),
  ),
};
