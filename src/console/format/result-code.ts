/** The cause of a failure in words. */
export const causeOf = (resultCode: number | null): string | undefined =>
  resultCode === null ? undefined : (causes[resultCode] ?? `Result code ${resultCode}`);

const causes: Readonly<Record<number, string>> = {
  102: 'Killed at the time limit',
  103: 'Exit code not zero',
  104: 'Attachments could not be fetched',
};
