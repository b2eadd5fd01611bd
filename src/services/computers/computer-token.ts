const PREFIX = 'computer_';
const FORM = /^computer_(\d{1,15})_/;

/**
 * The token of a computer. Its prefix distinguishes it from other tokens. It contains the account, so that
 * the computer is found without a search across accounts.
 */
export const computerToken = (accountId: number, secret: string): string => `${PREFIX}${accountId}_${secret}`;

export const isComputerToken = (token: string): boolean => token.startsWith(PREFIX);

/** The account in a computer's token. Undefined if the text is not such a token. */
export const accountOfComputerToken = (token: string): number | undefined => {
  const [, accountId] = FORM.exec(token) ?? [];
  return accountId === undefined ? undefined : Number(accountId);
};
