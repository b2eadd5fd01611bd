import { MAX_EVENT_DAYS } from '../../domain/event.ts';

const flag = { type: 'boolean', default: false };

/** Query parameters by name. */
export const parameters: Readonly<Record<string, object>> = {
  archived: {
    schema: { type: 'string', enum: ['active', 'archived', 'all'], default: 'active' },
    description: 'Script profiles to include.',
  },
  search: {
    schema: { type: 'string' },
    description: 'Part of the title, or of the message of an event. Case is ignored.',
  },
  names: { schema: { type: 'string' }, description: 'Exact titles, separated by commas.' },
  limit: {
    schema: { type: 'integer', minimum: 0, default: 1000 },
    description:
      'Maximum number of results. Values above 10,000 are reduced to 10,000. 0 returns only the count.',
  },
  offset: { schema: { type: 'integer', minimum: 0, default: 0 }, description: 'Number of results to skip.' },
  script_type: {
    schema: {
      type: 'string',
      enum: ['v2', 'active', 'archived', 'redacted', 'all', 'v1'],
      default: 'active',
    },
    description: 'Scripts to include. All scripts of this server have version 2.',
  },
  parent_access_group: {
    schema: { type: 'string' },
    description:
      'Name of an access group. Matches scripts in it or in its ancestors, which can run on its computers.',
  },
  query: {
    schema: { type: 'string', maxLength: 16_384 },
    description:
      'Search query such as `tag:web OR tag:db NOT id:7`. Adjacent terms must all match, and OR binds more tightly.',
  },
  tags: { schema: { type: 'string' }, description: 'Tags, separated by commas.' },
  instance_ids: { schema: { type: 'string' }, description: 'Numbers of computers, separated by commas.' },
  root_only: { schema: flag, description: 'Accepted, but without effect: no computer contains another one.' },
  archived_only: { schema: flag, description: 'No computer is archived here, so the list is empty if true.' },
  wsl_parents: { schema: flag, description: 'No such computers exist here, so the list is empty if true.' },
  wsl_children: { schema: flag, description: 'No such computers exist here, so the list is empty if true.' },
  with_profiles: {
    schema: flag,
    description: 'Whether to include the script profiles that reach the computer.',
  },
  with_alerts: {
    schema: flag,
    description: 'Whether to include the alert of a computer that is offline. There are no other alerts.',
  },
  with_annotations: { schema: flag, description: 'Whether to include annotations, which are always empty.' },
  with_network: { schema: flag, description: 'Whether to include network devices, which are always empty.' },
  with_release_upgrades: {
    schema: flag,
    description: 'Accepted, but without effect: it is always included.',
  },
  with_upgrades: { schema: flag, description: 'Whether to include numbers of upgrades, which are unknown.' },
  with_wsl_profiles: {
    schema: flag,
    description: 'Whether to include profiles of another kind, which are always empty.',
  },
  script_id: { schema: { type: 'integer' }, description: 'Number of the script.' },
  title: {
    schema: { type: 'string' },
    description: 'Title of the script, the saved search or the access group.',
  },
  name: {
    schema: { type: 'string' },
    description: 'Name of the saved search, the role, the access group or the person.',
  },
  description: { schema: { type: 'string', maxLength: 1000 }, description: 'Purpose of the role.' },
  destination_name: { schema: { type: 'string' }, description: 'Name of the new role.' },
  parent: { schema: { type: 'string' }, description: 'Name of an access group. Defaults to `global`.' },
  email: { schema: { type: 'string' }, description: 'E-mail address of the person.' },
  days: {
    schema: { type: 'integer', minimum: 1, maximum: MAX_EVENT_DAYS },
    description: 'Number of days before now. Defaults to no limit.',
  },
  code: {
    schema: { type: 'string', contentEncoding: 'base64' },
    description: 'The complete script, starting with `#!` and its interpreter, as UTF-8 in base64.',
  },
  time_limit: { schema: { type: 'integer', minimum: 1 }, description: 'Time limit in seconds.' },
  username: { schema: { type: 'string' }, description: 'User who runs the script.' },
  access_group: { schema: { type: 'string' }, description: 'Name of an access group.' },
  deliver_after: {
    schema: { type: 'string' },
    description:
      'Earliest time of delivery: ISO 8601, with or without seconds and time zone. The time zone defaults to UTC.',
  },
  file: {
    schema: { type: 'string' },
    description: 'Name of the file, `$$`, and its content in base64.',
  },
  filename: { schema: { type: 'string' }, description: 'Name of the file.' },
  'names.1': {
    schema: { type: 'string' },
    description: 'Name of an access group or a role to list. Further names in `names.2` and so on.',
  },
  'roles.1': {
    schema: { type: 'string' },
    description: 'Name of a role. Further names in `roles.2` and so on. Defaults to `GlobalAdmin`.',
  },
  'access_groups.1': {
    schema: { type: 'string' },
    description: 'Name of an access group. Further names in `access_groups.2` and so on.',
  },
  'permissions.1': {
    schema: { type: 'string' },
    description: 'Name of a permission. Further names in `permissions.2` and so on.',
  },
  'persons.1': {
    schema: { type: 'string' },
    description: 'E-mail address of a person. Further addresses in `persons.2` and so on.',
  },
  'tags.1': { schema: { type: 'string' }, description: 'Tag. Further tags in `tags.2` and so on.' },
  'computer_ids.1': {
    schema: { type: 'integer' },
    description: 'Number of a computer. Further numbers in `computer_ids.2` and so on.',
  },
};
