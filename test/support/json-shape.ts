/**
 * The shape of JSON, whatever its values: the keys in order, the type of each value, and the format of each time. A
 * client that can read an answer can read every answer of the same shape.
 */
export function shapeOf(value: unknown): unknown {
  if (value === null) return 'null';
  if (typeof value === 'string') return formatOf(value);
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return value.map(shapeOf);
  // As pairs, so that the order of the keys matters.
  return Object.entries(value).map(([key, member]) => [key, shapeOf(member)]);
}

function formatOf(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/.test(text)) return 'time with microseconds, without zone';
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return 'time in whole seconds, UTC';
  return 'string';
}
