import { type Connection, insertInto, sql, timestamp } from '../database/sql.ts';
import type { IdempotencyKeyRepository, KeyUse } from '../services/ports.ts';

export const idempotencyKeyRepository = (connection: Connection): IdempotencyKeyRepository => ({
  async take(accountId, use, expired) {
    // Waits for a transaction that is taking the same key. An expired key is taken again. A valid key stays unchanged
    // and locked.
    const taken = await connection.$executeRaw(sql`
      ${insertInto('idempotency_key', {
        account_id: sql`${accountId}::bigint`,
        holder: sql`${use.holder}`,
        mutation: sql`${use.mutation}`,
        key_hash: sql`${use.keyHash}`,
        input_hash: sql`${use.inputHash}`,
        seed: sql`${use.seed}`,
        created_at: timestamp(use.at),
      })}
      on conflict (account_id, holder, mutation, key_hash) do update
      set input_hash = excluded.input_hash, seed = excluded.seed, result_id = null, created_at = excluded.created_at
      where idempotency_key.created_at <= ${timestamp(expired)}`);
    if (taken > 0) return undefined;
    const { inputHash, seed, resultId } = await connection.idempotencyKey.findUniqueOrThrow({
      where: keyOf(accountId, use),
    });
    return { inputHash, seed, resultId: Number(resultId) };
  },

  async seedsOf(accountId, { holder, mutation, keyHashes }, since) {
    const found = await connection.idempotencyKey.findMany({
      where: { accountId, holder, mutation, keyHash: { in: [...keyHashes] }, createdAt: { gt: since } },
      select: { keyHash: true, seed: true },
    });
    const seeds = new Map(found.map(({ keyHash, seed }) => [keyHash, seed]));
    return keyHashes.map((keyHash) => seeds.get(keyHash));
  },

  async settle(accountId, use, resultId) {
    await connection.idempotencyKey.update({ where: keyOf(accountId, use), data: { resultId } });
  },

  forget: (accountId, before, most) =>
    connection.$executeRaw(sql`
      delete from idempotency_key
      where account_id = ${accountId}::bigint and (holder, mutation, key_hash) in (
        select holder, mutation, key_hash from idempotency_key
        where account_id = ${accountId}::bigint and created_at <= ${timestamp(before)}
        order by created_at limit ${most}::int for update skip locked)`),
});

const keyOf = (accountId: number, { holder, mutation, keyHash }: KeyUse) => ({
  accountId_holder_mutation_keyHash: { accountId, holder, mutation, keyHash },
});
