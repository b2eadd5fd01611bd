import { insteadOf, invalid, notFound } from '../../domain/errors.ts';
import type { ObjectRef } from '../../domain/object-ref.ts';
import { mayBeName } from '../../domain/text.ts';

/** The types that have a global id. */
export const nodeTypes = [
  'AccessGroup',
  'Activity',
  'Computer',
  'Event',
  'Person',
  'Role',
  'Script',
  'ScriptProfile',
] as const;
export type NodeType = (typeof nodeTypes)[number];

const VERSION = 'v1';
/** The longest id, with the longest type name and the largest number, has 45 characters. */
const MAX_ID_LENGTH = 64;

/** Encodes a global id. It is opaque to clients, and contains the type so that `node(id:)` can find the row. */
export const globalId = (type: NodeType, databaseId: number): string =>
  Buffer.from(`${VERSION}:${type}:${databaseId}`).toString('base64url');

/** Types whose id is only for client caches. `node` does not accept their ids. */
type CachedType =
  | 'AccessKey'
  | 'Limits'
  | 'Preferences'
  | 'SavedSearch'
  | 'ScriptAttachment'
  | 'ScriptVersion'
  | 'SlotEntry'
  | 'Viewer';

/** @param keys must together be unique among all rows of the type, in all accounts */
export const cacheId = (type: CachedType, ...keys: readonly (number | string)[]): string =>
  Buffer.from([VERSION, type, ...keys].join(':')).toString('base64url');

export const cacheIdDescription =
  'Opaque id for client caches, unique among all types. `node` does not accept it.';

export function parseGlobalId(id: string): { type: NodeType; databaseId: number } | undefined {
  if (id.length > MAX_ID_LENGTH) return undefined;
  const match = /^v1:(\w+):(\d+)$/.exec(Buffer.from(id, 'base64url').toString());
  const type = nodeTypes.find((name) => name === match?.[1]);
  const databaseId = parseNumber(match?.[2] ?? '');
  return type && databaseId !== undefined ? { type, databaseId } : undefined;
}

/** Decodes a global id of this type, or the number that REST shows. Any other id yields 0, which no row has. */
export function databaseIdOf(type: NodeType, id: string): number {
  const global = parseGlobalId(id);
  if (global) return global.type === type ? global.databaseId : 0;
  return parseNumber(id) ?? 0;
}

/**
 * Decodes an id that must be valid.
 * @throws Refusal NOT_FOUND, with the id as it was sent
 */
export function existingId(type: NodeType, what: string, id: string, field?: string): number {
  const databaseId = databaseIdOf(type, id);
  if (databaseId === 0) throw notFound(what, id, field);
  return databaseId;
}

/** Description of a field that identifies an object by name instead of by id. */
export const INSTEAD_OF_ID = 'Alternative to `id`. Exactly one of them is required.';

/**
 * Returns the number or the name of an object that must exist.
 * @param nameField field that contains the name, such as `email`
 * @throws Refusal INVALID_INPUT if both or neither are present, NOT_FOUND
 */
export function idOrName(
  type: NodeType,
  what: string,
  id: string | null | undefined,
  name: string | null | undefined,
  nameField = 'name',
): ObjectRef {
  if ((id == null) === (name == null)) throw invalid('id', id ?? undefined, insteadOf(nameField));
  if (id != null) return existingId(type, what, id);
  if (!mayBeName(name!)) throw notFound(what, name, nameField);
  return { name: name!, field: nameField };
}

function parseNumber(text: string): number | undefined {
  const value = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}
