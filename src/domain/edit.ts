import { type Instant, latest } from './time.ts';

/**
 * Time of the last edit. A second writer that waited for the lock may have read the clock first. The time
 * never goes back in that case.
 */
export const editedAt = ({ lastEditedAt }: { readonly lastEditedAt: Instant }, at: Instant): Instant =>
  latest(lastEditedAt, at);

/** Treats null like an omitted field, because no editable field can be cleared. */
export function withoutNulls<Edit extends object>(edit: Edit): Edit {
  return Object.fromEntries(Object.entries(edit).filter(([, value]) => value != null)) as Edit;
}

/**
 * Checks a value only if it changes. Clients send whole objects back, and a stored value may violate a newer
 * rule.
 */
export const checkChange = <Value>(
  value: Value,
  stored: Value | undefined,
  check: (value: Value) => Value,
): Value => (value === stored ? value : check(value));
