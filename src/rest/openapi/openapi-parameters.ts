const flag = { type: 'boolean', default: false };

/** What may stand in a query, by its name. */
export const parameters: Readonly<Record<string, object>> = {
  archived: {
    schema: { enum: ['active', 'archived', 'all'], default: 'active' },
    description: 'Which script profiles to list.',
  },
  search: { schema: { type: 'string' }, description: 'A part of the title, in upper or lower case.' },
  names: { schema: { type: 'string' }, description: 'Whole titles, separated by commas.' },
  limit: {
    schema: { type: 'integer', minimum: 0, default: 1000 },
    description: 'The most results; above 10,000 it is cut to that. 0 gives the count alone.',
  },
  offset: { schema: { type: 'integer', minimum: 0, default: 0 }, description: 'How many results to skip.' },
  script_type: {
    schema: { enum: ['v2', 'active', 'archived', 'redacted', 'all', 'v1'], default: 'active' },
    description: 'Which scripts to list. All that are kept here are of version 2.',
  },
  parent_access_group: {
    schema: { type: 'string' },
    description: 'The name of an access group: scripts in it or above it, which can run on its computers.',
  },
  query: {
    schema: { type: 'string', maxLength: 16_384 },
    description:
      'A search query such as `tag:web OR tag:db NOT id:7`: terms side by side all hold, and OR binds tighter.',
  },
  tags: { schema: { type: 'string' }, description: 'Tags, separated by commas.' },
  instance_ids: { schema: { type: 'string' }, description: 'Numbers of computers, separated by commas.' },
  root_only: { schema: flag, description: 'Taken, and without effect: no computer runs another within.' },
  archived_only: { schema: flag, description: 'None is archived here: with true, the list is empty.' },
  wsl_parents: { schema: flag, description: 'There are none here: with true, the list is empty.' },
  wsl_children: { schema: flag, description: 'There are none here: with true, the list is empty.' },
  with_profiles: { schema: flag, description: 'With the script profiles that reach the computer.' },
  with_alerts: {
    schema: flag,
    description: 'With the alert of a computer that is offline; there are no others.',
  },
  with_annotations: { schema: flag, description: 'With annotations, of which there are none.' },
  with_network: { schema: flag, description: 'With network devices, of which none are known.' },
  with_release_upgrades: { schema: flag, description: 'Taken, and without effect: it is always there.' },
  with_upgrades: { schema: flag, description: 'With numbers of upgrades, of which none are known.' },
  with_wsl_profiles: { schema: flag, description: 'With profiles of another kind, of which there are none.' },
  script_id: { schema: { type: 'integer' }, description: 'The script’s number.' },
  title: { schema: { type: 'string' }, description: 'The title of the script or the saved search.' },
  name: { schema: { type: 'string' }, description: 'The name of a saved search.' },
  code: {
    schema: { type: 'string', contentEncoding: 'base64' },
    description: 'The whole script, which begins with `#!` and its interpreter: UTF-8 in base64.',
  },
  time_limit: { schema: { type: 'integer', minimum: 1 }, description: 'In seconds.' },
  username: { schema: { type: 'string' }, description: 'The user to run it as.' },
  access_group: { schema: { type: 'string' }, description: 'The name of an access group.' },
  deliver_after: {
    schema: { type: 'string' },
    description: 'Earliest delivery: ISO 8601, with or without seconds and zone; no zone means UTC.',
  },
  file: {
    schema: { type: 'string' },
    description: 'The name of the file, `$$`, and its content in base64.',
  },
  filename: { schema: { type: 'string' }, description: 'The name of the file.' },
  'names.1': { schema: { type: 'string' }, description: 'The name of a group to list; `names.2` and so on.' },
  'tags.1': { schema: { type: 'string' }, description: 'A tag; `tags.2` and so on.' },
  'computer_ids.1': {
    schema: { type: 'integer' },
    description: 'A computer’s number; `computer_ids.2` and so on.',
  },
};
