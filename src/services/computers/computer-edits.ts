import type { Caller } from '../../domain/accounts/access.ts';
import { type Computer, type ComputerEdit, editComputer } from '../../domain/computers/computer.ts';
import type { GroupRef } from '../accounts/access-groups.ts';
import { failExecutionsOf } from '../activities/executions.ts';
import { record } from '../event-log.ts';
import type { Store } from '../ports.ts';
import { type ComputerChoice, chosenIds } from './computer-choice.ts';
import { deedsTo, editsOf } from './computer-events.ts';
import { lockComputers, targetGroup } from './computers.ts';
import { forgetComputers } from './leaving.ts';

/** Edits single computers, and removes computers in bulk. */
export function computerEditService(store: Store) {
  return {
    /** @throws Refusal NOT_FOUND, INVALID_INPUT */
    edit(
      caller: Caller,
      id: number,
      { accessGroup, ...edit }: ComputerEdit & { readonly accessGroup?: GroupRef | null },
    ): Promise<Computer> {
      return store.transaction(async (tx, now) => {
        const [computer] = await lockComputers(tx, caller, [id], 'ManageComputer', 'id');
        const group =
          accessGroup == null
            ? computer!.accessGroup
            : await targetGroup(tx, caller, accessGroup, 'ManageComputer');
        const after = { ...editComputer(computer!, edit), accessGroup: group };
        const edits = editsOf([computer!], [after]);
        if (edits.length === 0) return computer!;
        await tx.computers.save(caller.accountId, [after]);
        record(tx, caller, now, ...edits);
        return after;
      });
    },

    /**
     * Removes all of the computers, or none. Their unreported executions fail. Their history stays.
     * @returns the computers as they were before
     * @throws Refusal NOT_FOUND, INVALID_INPUT
     */
    removeAll(caller: Caller, choice: ComputerChoice): Promise<Computer[]> {
      return store.transaction(async (tx, now) => {
        const ids = await chosenIds(tx, caller, choice, 'ManageComputer', now);
        const computers = await lockComputers(tx, caller, ids, 'ManageComputer');
        // Waits for runs that are being created, so that their executions on these computers also fail.
        await tx.computers.lockForRemoval(caller.accountId);
        await failExecutionsOf(tx, caller.accountId, ids, now);
        await forgetComputers(tx, caller.accountId, ids, now);
        record(tx, caller, now, ...deedsTo(computers, 'COMPUTER_REMOVED'));
        return computers;
      });
    },
  };
}
