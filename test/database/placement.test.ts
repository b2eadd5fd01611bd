import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { distributing, placements } from '../../src/database/citus/placement.ts';
import { schemaFile } from '../../src/database/migrations/migrations-folder.ts';

/** The models of schema.prisma: their tables, with the models that their foreign keys refer to. */
async function models() {
  const schema = await readFile(schemaFile, 'utf8');
  return [...schema.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)].map(([, model, body = '']) => ({
    model: model!,
    table: /@@map\("(\w+)"\)/.exec(body)![1]!,
    hasAccount: /@map\("account_id"\)/.test(body),
    refersTo: [...body.matchAll(/^ +\w+ +(\w+)\?? +@relation\([^\n]*fields:/gm)].map((match) => match[1]!),
  }));
}

const placementOf = new Map(placements);

test('each table of schema.prisma has a placement, so a distribution forgets none', async () => {
  const tables = (await models()).map(({ table }) => table);
  expect(placements.map(([table]) => table).sort()).toEqual(tables.sort());
});

test('a table that is spread by account has the account, and Citus supports its foreign keys', async () => {
  const all = await models();
  const tableOf = new Map(all.map(({ model, table }) => [model, table]));
  for (const { table, hasAccount, refersTo } of all) {
    if (placementOf.get(table) === 'account')
      expect({ table, hasAccount }).toEqual({ table, hasAccount: true });
    for (const model of refersTo) {
      const to = tableOf.get(model)!;
      const allowed = {
        account: ['account', 'everywhere'],
        everywhere: ['everywhere'],
        coordinator: ['everywhere', 'coordinator'],
      };
      expect([table, to, allowed[placementOf.get(table)!]]).toEqual([
        table,
        to,
        expect.arrayContaining([placementOf.get(to)]),
      ]);
    }
  }
});

test('a foreign key never changes the account of a row, which Citus does not support', async () => {
  const schema = await readFile(schemaFile, 'utf8');
  const relations = schema.match(/@relation\([^\n]*fields:[^\n]*\)/g)!;
  expect(relations.filter((relation) => !relation.includes('onUpdate: NoAction'))).toEqual([]);
});

test('the first table by account is stored alone, and all others beside it', () => {
  const byAccount = placements.flatMap(([table, placement]) => (placement === 'account' ? table : []));
  const neighbors = byAccount.map((table) => /colocate_with => '(\w+)'/.exec(distributing(table)!)![1]);
  expect(neighbors).toEqual(['none', ...byAccount.slice(1).map(() => byAccount[0])]);
});
