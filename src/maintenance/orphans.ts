import { quoted, type Session } from '../database/session.ts';
import type { Violation } from '../services/maintenance/diagnosis.ts';

interface ForeignKey {
  readonly name: string;
  readonly child: string;
  readonly parent: string;
  readonly pairs: readonly (readonly [child: string, parent: string])[];
}

/**
 * Finds rows whose foreign key refers to a missing row. They can only be written while the constraint is switched off.
 */
export async function orphans(session: Session): Promise<Violation[]> {
  const broken: Violation[] = [];
  for (const { name, child, parent, pairs } of await foreignKeysOf(session)) {
    const refers = pairs.map(([column]) => `c.${quoted(column)} is not null`).join(' and ');
    const joined = pairs.map(([column, to]) => `p.${quoted(to)} = c.${quoted(column)}`).join(' and ');
    const { rows } = await session.query<{ number: number }>(
      `select count(*)::float8 as number from ${child} c
       where ${refers} and not exists (select from ${parent} p where ${joined})`,
    );
    const { number } = rows[0]!;
    if (number > 0)
      broken.push({
        rule: {
          says: `rows of ${child} that refer to missing rows of ${parent}`,
          advice:
            'they were written while triggers or foreign keys were disabled: restore an earlier backup, or delete them',
        },
        about: 'rows',
        number,
        examples: [name],
      });
  }
  return broken;
}

async function foreignKeysOf(session: Session): Promise<ForeignKey[]> {
  const { rows } = await session.query<ForeignKey>(`
    select conname as name, conrelid::regclass::text as child, confrelid::regclass::text as parent,
      (select json_agg(json_build_array(c.attname, p.attname))
       from unnest(conkey, confkey) as k(child, parent)
       join pg_attribute c on c.attrelid = conrelid and c.attnum = k.child
       join pg_attribute p on p.attrelid = confrelid and p.attnum = k.parent) as pairs
    from pg_constraint
    where contype = 'f' and conparentid = 0 and connamespace = current_schema()::regnamespace
    order by conname collate "C"`);
  return rows;
}
