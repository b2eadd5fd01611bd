import { check, invalid, Refusal } from '../errors.ts';

/** Limits of one account. */
export interface Limits {
  /** Maximum number of computers associated with one profile. */
  readonly maxNumComputers: number;
  /** Maximum number of profiles that are not archived. */
  readonly maxNumProfiles: number;
  /** Minimum number of minutes between two runs of a recurring profile. */
  readonly minInterval: number;
}

/** The limits as stored. */
export interface VersionedLimits extends Limits {
  /** Incremented by each edit. Used as the optimistic lock. */
  readonly version: number;
}

const MAX_INT32 = 2_147_483_647;
/** 366 days. */
const MAX_INTERVAL_MINUTES = 527_040;

export function checkLimits(limits: Limits): Limits {
  const within = (field: keyof Limits, most: number) => {
    const value = limits[field];
    if (Number.isInteger(value) && value >= 0 && value <= most) return value;
    throw invalid(field, value, `a whole number from 0 to ${most}`);
  };
  return check({
    maxNumComputers: () => within('maxNumComputers', MAX_INT32),
    maxNumProfiles: () => within('maxNumProfiles', MAX_INT32),
    minInterval: () => within('minInterval', MAX_INTERVAL_MINUTES),
  });
}

/**
 * Checks that the account can have one more profile.
 * @param active number of profiles that are not archived
 * @throws Refusal PROFILE_LIMIT
 */
export function checkProfileLimit(active: number, { maxNumProfiles }: Limits): void {
  if (active < maxNumProfiles) return;
  throw new Refusal(
    'PROFILE_LIMIT',
    `The maximum number of script profiles for this account has been reached: ${active} of ${maxNumProfiles}. Archive one to make room.`,
    { found: String(active + 1), allowed: `at most ${maxNumProfiles} script profiles that are not archived` },
  );
}

/** Checks that one profile may be associated with this number of computers. @throws Refusal COMPUTER_LIMIT */
export function checkAssociation(
  associated: number,
  { maxNumComputers }: Limits,
  field: 'allComputers' | 'tags',
): void {
  if (associated <= maxNumComputers) return;
  throw new Refusal(
    'COMPUTER_LIMIT',
    `The script profile would be associated with ${associated} computers; at most ${maxNumComputers} are allowed.`,
    { field, found: String(associated), allowed: `at most ${maxNumComputers} computers` },
  );
}
