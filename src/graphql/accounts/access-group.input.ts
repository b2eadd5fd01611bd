import { invalid } from '../../domain/errors.ts';
import type { GroupRef } from '../../services/accounts/access-groups.ts';
import { databaseIdOf } from '../common/global-id.ts';

/**
 * One access group, which a caller gives by its name or, in a field of its own, by its id.
 * @throws Refusal INVALID_INPUT where both are given
 */
export function groupRef(
  field: string,
  name: string | null | undefined,
  id: string | null | undefined,
): GroupRef | null {
  if (id == null) return name ?? null;
  if (name != null) throw invalid(`${field}Id`, id, `omitted if \`${field}\` is given`);
  return { id: databaseIdOf('AccessGroup', id) };
}

/** Descriptions of the field with the id, which stands beside the one with the name. */
export const GROUP_ID = 'Global id or number of the group, instead of its name. The two cannot be combined.';
export const GROUP_IDS =
  'Global ids or numbers of access groups. Matches objects in any of these groups or their descendants. Maximum 1,000.';
