import type { Caller } from '../../domain/accounts/access.ts';
import { linkExpiry, type PasswordLink } from '../../domain/accounts/password.ts';
import type { Person, PersonDetails } from '../../domain/accounts/person.ts';
import type { Instant } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import type { Repositories, Transaction } from '../ports.ts';
import { hashOf } from '../secrets.ts';
import { personAsEntity } from './person-roles.ts';

const FORM = /^password_(\d{1,15})_[\w-]{1,100}$/;

/** The token contains the account, so that the link is found without a search across accounts. */
const tokenOf = ({ accountId }: Caller, secret: string): string => `password_${accountId}_${secret}`;

/** The account in a link's token. Undefined if the text is not such a token. */
export const accountOfLink = (token: string): number | undefined => {
  const [, accountId] = FORM.exec(token) ?? [];
  return accountId === undefined ? undefined : Number(accountId);
};

/** Creates a link for a person. It replaces the previous link. */
export async function makeLink(
  tx: Transaction,
  caller: Caller,
  now: Instant,
  person: Person,
  secret: string,
): Promise<PasswordLink> {
  const link = { token: tokenOf(caller, secret), expiresAt: linkExpiry(now) };
  const stored = { tokenHash: hashOf(link.token), expiresAt: link.expiresAt };
  await tx.passwords.saveLink(caller.accountId, person.id, stored);
  record(tx, caller, now, { action: 'PASSWORD_LINK_MADE', entity: personAsEntity(person) });
  return link;
}

/** The person's link that was created with this secret. Null if it was used or replaced. */
export async function findLink(
  tx: Repositories,
  caller: Caller,
  { id, linkExpiresAt }: PersonDetails,
  secret: string,
): Promise<PasswordLink | null> {
  const token = tokenOf(caller, secret);
  const waits = await tx.passwords.hasLink(caller.accountId, id, hashOf(token));
  return waits && linkExpiresAt ? { token, expiresAt: linkExpiresAt } : null;
}
