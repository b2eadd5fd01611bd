import { type Caller, holds, scopeOf } from '../../domain/accounts/access.ts';
import { checkAssociation, checkProfileLimit, type Limits } from '../../domain/accounts/limits.ts';
import { Refusal, show } from '../../domain/errors.ts';
import {
  associationTarget,
  checkDraft,
  createScriptProfile,
  type ScriptProfile,
  type ScriptProfileDraft,
} from '../../domain/script-profiles/script-profile.ts';
import type { ScriptHead } from '../../domain/scripts/script.ts';
import type { Instant } from '../../domain/time.ts';
import type { Repositories } from '../ports.ts';
import type { CreationContext, ScriptProfileExtras } from './script-profile-ports.ts';

// The checks of new and edited profiles. Mutations run them under the account's lock and stop at the first
// refusal. Previews run them without a lock and collect all refusals.

/**
 * Creates a profile from a draft. @throws Refusal INVALID_INPUT, INVALID_CRON, SCRIPT_NOT_FOUND,
 * SCRIPT_NOT_ACTIVE
 */
export function profileOf(
  caller: Caller,
  draft: ScriptProfileDraft,
  { script, at, limits }: { script: ScriptHead | undefined; at: Instant; limits: Limits },
): Omit<ScriptProfile, 'id'> {
  const checked = checkDraft(draft);
  if (!script) throw scriptNotFound(draft.scriptId);
  const by = { id: caller.personId, name: caller.name, email: caller.email };
  return createScriptProfile(checked, { script, by, at, limits });
}

type Check = () => void;

/**
 * Checks a new profile. Returns the extras that need no further read: the profile has no runs, and the
 * matching computers were counted. The number of visible computers is only known if the caller can see all.
 * @throws Refusal TITLE_TAKEN, PROFILE_LIMIT, COMPUTER_LIMIT
 */
export async function checkNew(
  tx: Repositories,
  caller: Caller,
  profile: Omit<ScriptProfile, 'id'>,
  limits: Limits,
): Promise<ScriptProfileExtras> {
  const creationContext = await creationContextOf(tx, caller, profile);
  for (const check of creationChecks(caller, profile, limits, creationContext)) check();
  const { numReached } = creationContext;
  const seesAll = scopeOf(caller, 'ViewComputer').groups === 'all';
  return { lastActivity: null, ...(seesAll && { reached: { all: numReached, seen: numReached } }) };
}

/** @throws Refusal TITLE_TAKEN, COMPUTER_LIMIT */
export async function checkEdited(tx: Repositories, caller: Caller, edited: Edited): Promise<void> {
  // Most edits change neither, so they cost no statement.
  if (!changesTitle(edited) && !changesReach(edited)) return;
  const { title } = edited.after;
  // The matching computers are counted only if necessary, because others wait for the account's lock.
  const target = changesReach(edited) ? associationTarget(edited.after) : null;
  const creationContext = await tx.scriptProfiles.creationContext(caller.accountId, title, target);
  for (const check of editChecks(caller, edited, creationContext)) check();
}

export const creationContextOf = (
  tx: Repositories,
  { accountId }: Caller,
  profile: Omit<ScriptProfile, 'id'>,
): Promise<CreationContext> =>
  tx.scriptProfiles.creationContext(accountId, profile.title, associationTarget(profile));

/** In the order of a mutation's refusals. */
export const creationChecks = (
  caller: Caller,
  profile: Omit<ScriptProfile, 'id'>,
  limits: Limits,
  { titleHolder, numActive, numReached }: CreationContext,
): Check[] => [
  () => checkTitle(caller, profile.title, titleHolder),
  () => checkProfileLimit(numActive, limits),
  () => checkReach(profile, numReached, limits),
];

interface Edited {
  readonly before: ScriptProfile;
  readonly after: ScriptProfile;
  readonly limits: Limits;
}

/** Checks only what the edit changes. */
export const editChecks = (
  caller: Caller,
  edited: Edited,
  { titleHolder, numReached }: CreationContext,
): Check[] => [
  ...(changesTitle(edited) ? [() => checkTitle(caller, edited.after.title, titleHolder)] : []),
  ...(changesReach(edited) ? [() => checkReach(edited.after, numReached, edited.limits)] : []),
];

const changesTitle = ({ before, after }: Edited): boolean => after.title !== before.title;

const changesReach = ({ before, after }: Edited): boolean =>
  after.tags !== before.tags || after.allComputers !== before.allComputers;

function checkTitle(caller: Caller, title: string, holder: CreationContext['titleHolder']): void {
  if (!holder) return;
  // Titles are unique in the account. The id of the other profile is only shown to callers who can see it.
  const who = holds(caller, 'ViewScriptProfile', holder.accessGroupId)
    ? `: the ${holder.archived ? 'archived' : 'active'} script profile ${holder.id}.${holder.archived ? ' The title of an archived profile cannot be reused.' : ''}`
    : '.';
  throw new Refusal('TITLE_TAKEN', `A script profile with this title already exists${who}`, {
    field: 'title',
    found: show(title),
    allowed: 'a title that no other script profile of the account has, including archived ones',
  });
}

/** Event profiles match no computers in advance, so the limit does not apply to them. */
const checkReach = (profile: Omit<ScriptProfile, 'id'>, numReached: number, limits: Limits): void =>
  checkAssociation(numReached, limits, profile.allComputers ? 'allComputers' : 'tags');

export const scriptNotFound = (id: unknown) =>
  new Refusal('SCRIPT_NOT_FOUND', 'The specified script does not exist.', {
    field: 'scriptId',
    found: show(id),
    allowed: 'the id of a script of the account',
  });
