import { type Instant, latest } from './time.ts';

/**
 * When something was edited last. Of two edits that waited for one lock, the one that came through last may
 * have read the clock first: the time never goes back for it.
 */
export const editedAt = ({ lastEditedAt }: { readonly lastEditedAt: Instant }, at: Instant): Instant =>
  latest(lastEditedAt, at);

/** In an update null means the same as absent: nothing that can be edited can be cleared. */
export function withoutNulls<Edit extends object>(edit: Edit): Edit {
  return Object.fromEntries(Object.entries(edit).filter(([, value]) => value != null)) as Edit;
}

/**
 * A value that does not change is not checked: clients send whole objects back, and a stored value may be older than
 * the rule that would refuse it.
 */
export const checkChange = <Value>(
  value: Value,
  stored: Value | undefined,
  check: (value: Value) => Value,
): Value => (value === stored ? value : check(value));
