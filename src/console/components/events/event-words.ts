import type { EventAction } from '../../generated/graphql.ts';

const words: Partial<Record<EventAction, string>> = {
  LOGGED_IN: 'Logged in',
  LOGGED_OUT: 'Logged out',
  LOG_IN_REFUSED: 'Log-in refused',
  PASSWORD_LINK_MADE: 'Password link created',
  TOKEN_MADE: 'Token created',
};

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

/** `script_profile` and `scriptProfile` as words: `Script profile`. */
export function fieldWords(field: string): string {
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
