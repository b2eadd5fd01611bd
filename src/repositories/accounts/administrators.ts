import type { PrismaClient } from '../../database/generated/client.ts';
import { databaseClock } from '../store.ts';
import { createAccount, findAccount, saveAdministrator } from './accounts.ts';

/** A person with all permissions in an account, as given to a command. */
export interface Administrator {
  readonly account: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
}

/**
 * Creates the administrator, and the account if it is missing. An existing administrator gets the new name and
 * password. Returns whether the account was created.
 */
export function makeAdministrator(
  prisma: PrismaClient,
  { account, ...person }: Administrator,
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const now = await databaseClock(tx);
    const found = await findAccount(tx, account);
    const accountId = found ?? (await createAccount(tx, { name: account, title: account, now }));
    await saveAdministrator(tx, { accountId, ...person, now });
    return found === undefined;
  });
}
