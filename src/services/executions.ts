import { type ActivityStatus, finalStatuses, rollUp, undeliveredStatuses } from '../domain/activity.ts';
import type { Instant } from '../domain/time.ts';
import type { Repositories } from './ports.ts';

/** Cancels what the profiles' runs have not delivered; what is delivered may finish. */
export async function endUndelivered(
  tx: Repositories,
  accountId: number,
  scriptProfileIds: readonly number[],
  at: Instant,
): Promise<void> {
  const parents = await tx.activities.end(
    accountId,
    { scriptProfileIds, in: undeliveredStatuses },
    { status: 'canceled', resultText: null, at },
  );
  await rollUpParents(tx, accountId, parents, at, 'canceled');
}

/** Fails whatever removed computers have open: nobody is left to report it. */
export async function failExecutionsOf(
  tx: Repositories,
  accountId: number,
  computerIds: readonly number[],
  at: Instant,
): Promise<void> {
  const parents = await tx.activities.end(
    accountId,
    { computerIds, in: [...undeliveredStatuses, 'delivered'] },
    { status: 'failed', resultText: 'The computer was removed before it reported.', at },
  );
  await rollUpParents(tx, accountId, parents, at, 'succeeded');
}

async function rollUpParents(
  tx: Repositories,
  accountId: number,
  parentIds: readonly number[],
  at: Instant,
  childless: ActivityStatus,
): Promise<void> {
  if (parentIds.length === 0) return;
  const counts = await tx.activities.statusCounts(accountId, parentIds);
  await tx.activities.setStatus(
    accountId,
    parentIds.map((id, index) => {
      const children = counts[index] ?? {};
      const status = Object.keys(children).length > 0 ? rollUp(children) : childless;
      return { id, status, completionTime: isFinal(status) ? at : null };
    }),
  );
}

const isFinal = (status: ActivityStatus) => (finalStatuses as readonly string[]).includes(status);
