import type { Caller } from '../../domain/accounts/access.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import { invalid } from '../../domain/errors.ts';
import type { Instant } from '../../domain/time.ts';
import { failExecutionsOf } from '../activities/executions.ts';
import { record } from '../event-log.ts';
import type { Transaction } from '../ports.ts';
import { asEntity } from './computer-events.ts';

/** Deletes computers. Their clients receive no messages, and are not asked to register again for a while. */
export async function forgetComputers(
  tx: Transaction,
  accountId: number,
  ids: readonly number[],
  at: Instant,
): Promise<void> {
  await tx.agents.rememberRemoved(accountId, ids, at);
  await tx.computers.remove(accountId, ids);
  tx.announce({ kind: 'computers', accountId });
}

/**
 * Removes older computers of machines that have registered again. Their executions move to the new computers.
 * Unreported executions fail.
 * @throws Refusal INVALID_INPUT if none of the new computers is on the same machine
 */
export async function replaceComputers(
  tx: Transaction,
  caller: Caller,
  older: readonly Computer[],
  newer: readonly Computer[],
  at: Instant,
): Promise<void> {
  if (older.length === 0) return;
  const { accountId } = caller;
  const ids = older.map(({ id }) => id);
  const machines = await tx.agents.machineIds(accountId, [...ids, ...newer.map(({ id }) => id)]);
  const successors = older.map((computer) => {
    const machine = machines.get(computer.id);
    const successor = newer.find(({ id }) => id !== computer.id && machines.get(id) === machine);
    if (machine !== undefined && successor) return { computer, successor };
    throw invalid('replace', computer.id, 'computers of the same machine as one of the accepted computers');
  });
  await tx.computers.lockForRemoval(accountId);
  await failExecutionsOf(tx, accountId, ids, at);
  for (const { computer, successor } of successors) {
    await tx.agents.moveHistory(accountId, computer.id, successor.id);
    const changes = { replacedBy: { from: null, to: successor.id } };
    record(tx, caller, at, { action: 'COMPUTER_REPLACED', entity: asEntity(computer), changes });
  }
  await forgetComputers(tx, accountId, ids, at);
}
