import type { AccessGroup } from '../../domain/accounts/access-group.ts';
import type { Distribution } from '../../domain/computers/agent.ts';
import { type Computer, computerTitle, hostname } from '../../domain/computers/computer.ts';
import { tagList } from '../../domain/computers/tag.ts';
import { check } from '../../domain/errors.ts';
import type { Instant } from '../../domain/time.ts';
import type { GroupRef } from '../accounts/access-groups.ts';
import { runOnEnrolment } from '../activities/runs.ts';
import { type Actor, record } from '../event-log.ts';
import type { Transaction } from '../ports.ts';
import { deedsTo } from './computer-events.ts';

export interface ComputerDraft {
  readonly hostname: string;
  /** Defaults to the hostname. */
  readonly title?: string | null;
  /** Requested tags. Set when the computer is accepted. */
  readonly tags?: readonly string[] | null;
  readonly accessGroup?: GroupRef | null;
  /** The Linux distribution, as reported by the computer. */
  readonly distribution?: Partial<Distribution> | null;
}

/** @throws Refusal INVALID_INPUT */
export function newComputer(draft: ComputerDraft, at: Instant): Omit<Computer, 'id' | 'accessGroup'> {
  const checked = check({
    hostname: () => hostname(draft.hostname),
    title: () => computerTitle(draft.title ?? draft.hostname),
    tags: () => tagList(draft.tags ?? []),
  });
  return { ...checked, comment: '', status: 'pending', createdAt: at, acceptedAt: null };
}

/**
 * Accepts computers in one transaction. Tags and groups are set first, because they decide which event
 * profiles run.
 */
export async function join(
  tx: Transaction,
  by: Actor,
  computers: readonly Computer[],
  into: { accessGroup?: AccessGroup; tags?: readonly string[] },
  at: Instant,
): Promise<Computer[]> {
  const given = Object.fromEntries(Object.entries(into).filter(([, value]) => value !== undefined));
  const accept = (computer: Computer): Computer =>
    computer.status === 'accepted' ? computer : { ...computer, ...given, status: 'accepted', acceptedAt: at };
  const after = computers.map(accept);
  const joined = after.filter((computer, index) => computer !== computers[index]);
  const { accountId } = by;
  await tx.computers.save(accountId, joined);
  record(tx, by, at, ...deedsTo(joined, 'COMPUTER_ACCEPTED'));
  if (joined.length > 0) tx.announce({ kind: 'computers', accountId });
  // All event profiles are locked before the first run. Otherwise two transactions could lock them in
  // different orders and deadlock.
  if (joined.length > 1) await tx.scriptProfiles.eventsForUpdate(accountId);
  for (const computer of joined) await runOnEnrolment(tx, accountId, computer, at);
  return after;
}
