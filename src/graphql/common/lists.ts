import { invalid } from '../../domain/errors.ts';
import { MAX_NAME_LENGTH, mayBeName } from '../../domain/text.ts';
import { checkRange, type TimeRange } from '../../domain/time-range.ts';

/**
 * Checks the length of a list argument.
 * @throws Refusal INVALID_INPUT
 */
export function atMost(field: string, list: readonly unknown[], most: number): void {
  if (list.length > most) throw invalid(field, list.length, `a list of at most ${most} items`);
}

const MAX_VALUES = 1000;

/** Tests the properties and not the class, because the arguments of subscriptions are plain objects. */
const isRange = (value: unknown): value is TimeRange =>
  typeof value === 'object' && value !== null && ('from' in value || 'until' in value);

/**
 * Checks the lists and time ranges of a filter.
 * @throws Refusal INVALID_INPUT
 */
export function checkFilter<Filter extends object>(filter: Filter): Filter {
  for (const [name, value] of Object.entries(filter)) {
    const field = `filter.${name}`;
    if (isRange(value)) checkRange(field, value);
    const values = Array.isArray(value) ? value : [value];
    atMost(field, values, MAX_VALUES);
    const text = values.find((item) => typeof item === 'string' && !mayBeName(item));
    if (text !== undefined) {
      const allowed = `valid Unicode text of at most ${MAX_NAME_LENGTH} characters, without NUL`;
      throw invalid(field, text, allowed);
    }
  }
  return filter;
}
