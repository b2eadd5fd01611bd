import { invalid, Refusal, show } from './errors.ts';
import { addMinutes, type Instant } from './time.ts';

/** Minutes for which a key is stored. A retry must arrive within this time. */
const KEY_LIFETIME_MINUTES = 1440;

/** Keys used before this time are deleted. */
export const keysStoredSince = (now: Instant): Instant => addMinutes(now, -KEY_LIFETIME_MINUTES);

/** @throws Refusal INVALID_INPUT */
export function idempotencyKeyOf(key: string): string {
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw invalid('idempotencyKey', key, '1 to 255 printable ASCII characters');
}

export const keyReused = (key: string): Refusal =>
  new Refusal(
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotency key was already used with different input in the last 24 hours.',
    {
      field: 'idempotencyKey',
      found: show(key),
      allowed: 'a new key for each input, and the same key only for a retry with the same input',
    },
  );

/**
 * A string that is equal for equal inputs, regardless of field order. Null is treated like an omitted field.
 */
export const canonical = (input: object): string =>
  JSON.stringify(input, (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const given = Object.entries(value).filter(([, each]) => each != null);
    return Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
