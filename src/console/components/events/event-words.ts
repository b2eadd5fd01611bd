import type { EventAction } from '../../generated/graphql.ts';

const words: Partial<Record<EventAction, string>> = {
  LOGGED_IN: 'Logged in',
  LOGGED_OUT: 'Logged out',
  LOG_IN_REFUSED: 'Log-in refused',
  PASSWORD_LINK_MADE: 'Password link created',
  TOKEN_MADE: 'Token created',
};

/** All actions that the filter of the log offers. */
export const eventActions = [
  ...['ACCESS_GROUP_CREATED', 'ACCESS_GROUP_DELETED', 'ACCESS_GROUP_EDITED', 'ACCOUNT_CREATED'],
  ...['ACTIVITY_APPROVED', 'ACTIVITY_CANCELED', 'COMPUTER_ACCEPTED', 'COMPUTER_EDITED', 'COMPUTER_ENROLLED'],
  ...[
    'COMPUTER_REJECTED',
    'COMPUTER_REMOVED',
    'COMPUTER_REPLACED',
    'LIMITS_EDITED',
    'LOGGED_IN',
    'LOGGED_OUT',
  ],
  ...['LOG_IN_REFUSED', 'PASSWORD_CHANGED', 'PASSWORD_LINK_MADE', 'PASSWORD_REFUSED', 'PASSWORD_SET'],
  ...['PERMISSION_REFUSED', 'PERSON_CREATED', 'PERSON_EDITED', 'PERSON_REMOVED', 'PREFERENCES_EDITED'],
  ...['ROLE_CREATED', 'ROLE_DELETED', 'ROLE_EDITED', 'SAVED_SEARCH_CREATED', 'SAVED_SEARCH_DELETED'],
  ...[
    'SAVED_SEARCH_EDITED',
    'SCRIPT_ARCHIVED',
    'SCRIPT_CREATED',
    'SCRIPT_EDITED',
    'SCRIPT_REDACTED',
    'SCRIPT_RUN',
  ],
  ...['SCRIPT_PROFILE_ARCHIVED', 'SCRIPT_PROFILE_CREATED', 'SCRIPT_PROFILE_EDITED', 'SCRIPT_PROFILE_PAUSED'],
  ...['SCRIPT_PROFILE_RESUMED', 'SCRIPT_PROFILE_RUN', 'TOKEN_MADE', 'TOKEN_REVOKED'],
] as readonly EventAction[];

/** An action in words: `Script profile edited`. */
export function eventWords(action: EventAction): string {
  const plain = action.toLowerCase().replaceAll('_', ' ');
  return words[action] ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** Whether the action is the refusal of something. */
export const isRefusal = (action: EventAction): boolean => action.endsWith('_REFUSED');

const places: Readonly<Record<string, string>> = {
  Activity: '/runs/',
  Computer: '/computers/',
  Role: '/administration/roles/',
  Script: '/scripts/',
  ScriptProfile: '/profiles/',
};

/** The page of the object of an event. Undefined if there is none. */
export const placeOf = (type: string | null, id: number | null): string | undefined =>
  type !== null && id !== null && places[type] ? `${places[type]}${id}` : undefined;

/** Names of fields that the pages call otherwise. */
const fieldNames: Readonly<Record<string, string>> = {
  max_num_profiles: 'Script profiles that are not archived',
  max_num_computers: 'Computers of one script profile',
  min_interval: 'Minutes between two runs',
  persons: 'People',
};

/** `script_profile` and `scriptProfile` as words: `Script profile`. */
export function fieldWords(field: string): string {
  const key = field.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  if (fieldNames[key]) return fieldNames[key];
  const plain = field
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** A value of a change, which is JSON, as a person reads it. */
export function valueWords(json: string): string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return json;
  }
  if (value === null || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.length === 0 ? '–' : value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value);
}
