import type { PrismaClient } from '../../database/generated/client.ts';
import { databaseClock } from '../store.ts';
import { createAccount, findAccount, saveAdministrator } from './accounts.ts';

/** Somebody who may do everything in an account, as a command names them. */
export interface Administrator {
  readonly account: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
}

/**
 * Makes the administrator, and their account where there is none, or gives the one who is there a new name and
 * password. Answers with whether the account was made.
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
