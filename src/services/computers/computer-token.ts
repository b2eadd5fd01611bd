const PREFIX = 'computer_';
const FORM = /^computer_(\d{1,15})_/;

/**
 * A computer's own token, told from others by its looks. It says in which account the computer is, so that whoever
 * looks it up need not look in all of them.
 */
export const computerToken = (accountId: number, secret: string): string => `${PREFIX}${accountId}_${secret}`;

export const isComputerToken = (token: string): boolean => token.startsWith(PREFIX);

/** The account that it is in, if it is anybody's. */
export const accountOfComputerToken = (token: string): number | undefined => {
  const [, accountId] = FORM.exec(token) ?? [];
  return accountId === undefined ? undefined : Number(accountId);
};
