/**
 * What JSON looks like, whatever its values: the keys in their order, the type of each value, and the format
 * of each time. Two answers of the same shape are read by the same client.
 */
export function shapeOf(value: unknown): unknown {
  if (value === null) return 'null';
  if (typeof value === 'string') return formatOf(value);
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return value.map(shapeOf);
  // As pairs: objects with the same keys in another order are equal.
  return Object.entries(value).map(([key, member]) => [key, shapeOf(member)]);
}

function formatOf(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/.test(text)) return 'time with microseconds, without zone';
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return 'time in whole seconds, UTC';
  return 'string';
}
