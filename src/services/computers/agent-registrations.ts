import { type Origin, wholeAccount } from '../../domain/accounts/access.ts';
import { ROOT_ACCESS_GROUP } from '../../domain/accounts/access-group.ts';
import { insecureIdOf } from '../../domain/computers/agent.ts';
import { type AgentRegistration, computerOf } from '../../domain/computers/agent-registration.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import { Refusal } from '../../domain/errors.ts';
import { mayBeName } from '../../domain/text.ts';
import type { Instant } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import type { Store, Transaction } from '../ports.ts';
import { hashOf, newSecret } from '../secrets.ts';
import { asEntity } from './computer-events.ts';
import { computerToken } from './computer-token.ts';
import { join } from './joining.ts';

export interface RegisteredAgent {
  /** Returned only once. */
  readonly secureId: string;
  readonly insecureId: bigint;
}

export type AgentRegistrationService = ReturnType<typeof agentRegistrationService>;

export function agentRegistrationService(
  store: Store,
  keys: {
    /** @throws Refusal RATE_LIMITED */
    accountOf(accountName: string, key: string, origin: Origin): Promise<number | undefined>;
  },
) {
  /**
   * Rate limits are reported like a wrong key, because that is the only refusal that a client understands.
   */
  async function accountOf({ accountName, registrationKey }: AgentRegistration, origin: Origin) {
    if (!mayBeName(accountName)) return undefined;
    try {
      return await keys.accountOf(accountName, registrationKey, origin);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'RATE_LIMITED') return undefined;
      throw error;
    }
  }

  return {
    /**
     * Creates a computer for a registering client. It is accepted immediately if the account's preferences
     * say so, and pending otherwise. Undefined for an unknown account or a wrong registration key.
     *
     * If the machine already has a pending computer, that one is replaced. A lost response makes a client
     * register up to 14 times. If it has an accepted computer, the new one stays pending until a person
     * decides.
     */
    async register(registration: AgentRegistration, origin: Origin): Promise<RegisteredAgent | undefined> {
      const accountId = await accountOf(registration, origin);
      if (accountId === undefined) return undefined;
      return store.transaction(async (tx, now) => {
        const { machineId } = registration;
        const by = { accountId, origin };
        const scope = wholeAccount(accountId);
        const draft = computerOf(registration);
        if (machineId !== null) await tx.agents.lockMachine(accountId, machineId);
        const twins = machineId === null ? [] : await tx.agents.twins(accountId, machineId);
        const replaced = twins.filter(({ status, title }) => status === 'pending' && title === draft.title);
        await replacePending(
          tx,
          by,
          replaced.map(({ computerId }) => computerId),
          now,
        );
        const wanted = mayBeName(registration.accessGroup)
          ? await tx.accessGroups.byName(scope, registration.accessGroup)
          : undefined;
        const accessGroup = wanted ?? (await tx.accessGroups.byName(scope, ROOT_ACCESS_GROUP))!;
        const pending = {
          ...draft,
          accessGroup,
          comment: '',
          status: 'pending',
          createdAt: now,
          acceptedAt: null,
        } as const;
        const secureId = computerToken(accountId, newSecret());
        const id = await tx.computers.insert(accountId, pending, hashOf(secureId));
        await tx.agents.insert(accountId, id, machineId);
        const computer: Computer = { ...pending, id };
        const older = twins.find(({ status }) => status === 'accepted');
        record(tx, by, now, {
          action: 'COMPUTER_ENROLLED',
          entity: asEntity(computer),
          changes: older && { possibleDuplicateOf: { from: null, to: older.computerId } },
        });
        const { autoRegisterNewComputers } = await tx.accounts.preferences(accountId);
        if (autoRegisterNewComputers && !older) await join(tx, by, [computer], {}, now);
        return { secureId, insecureId: insecureIdOf(accountId, id) };
      });
    },
  };
}

async function replacePending(
  tx: Transaction,
  by: { readonly accountId: number; readonly origin: Origin },
  ids: readonly number[],
  at: Instant,
): Promise<void> {
  if (ids.length === 0) return;
  const locked = await tx.computers.forUpdate(wholeAccount(by.accountId), ids);
  const pending = locked.filter(({ status }) => status === 'pending');
  await tx.computers.remove(
    by.accountId,
    pending.map(({ id }) => id),
  );
  record(
    tx,
    by,
    at,
    ...pending.map((computer) => ({ action: 'COMPUTER_REPLACED' as const, entity: asEntity(computer) })),
  );
}
