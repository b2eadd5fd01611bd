import { invalid } from '../../domain/errors.ts';
import type { GroupRef } from '../../services/accounts/access-groups.ts';
import { databaseIdOf } from '../common/global-id.ts';

/**
 * An access group, given by its name or, in a separate field, by its id.
 * @throws Refusal INVALID_INPUT if both are given
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

/** Description of the field that takes the id. Another field takes the name. */
export const GROUP_ID = 'Global id or number of the group, instead of its name. The two cannot be combined.';
export const GROUP_IDS =
  'Global ids or numbers of access groups. Matches objects in any of these groups or their descendants. Maximum 1,000.';
