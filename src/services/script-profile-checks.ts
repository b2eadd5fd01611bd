import { type Caller, holds, wholeAccount } from '../domain/access.ts';
import { Refusal, show } from '../domain/errors.ts';
import { checkAssociation, checkPlace, type Limits } from '../domain/limits.ts';
import type { Script } from '../domain/script.ts';
import {
  associationTarget,
  checkDraft,
  createScriptProfile,
  type ScriptProfile,
  type ScriptProfileDraft,
} from '../domain/script-profile.ts';
import type { Instant } from '../domain/time.ts';
import type { Repositories } from './ports.ts';

// What a new or a changed profile must pass. The mutations ask under the account's lock and stop at the first
// refusal; the preview asks the same without a lock, and goes on.

/** The profile that a draft makes. @throws Refusal INVALID_INPUT, INVALID_CRON, SCRIPT_NOT_FOUND, SCRIPT_NOT_ACTIVE */
export function profileOf(
  caller: Caller,
  draft: ScriptProfileDraft,
  { script, at, limits }: { script: Script | undefined; at: Instant; limits: Limits },
): Omit<ScriptProfile, 'id'> {
  const checked = checkDraft(draft);
  if (!script) throw scriptNotFound(draft.scriptId);
  const by = { id: caller.personId, name: caller.name, email: caller.email };
  return createScriptProfile(checked, { script, by, at, limits });
}

type Check = () => Promise<void>;

/** In the order in which a mutation finds out. @throws Refusal TITLE_TAKEN, PROFILE_LIMIT, COMPUTER_LIMIT */
export const creationChecks = (
  tx: Repositories,
  caller: Caller,
  profile: Omit<ScriptProfile, 'id'>,
  limits: Limits,
): Check[] => [
  () => checkTitle(tx, caller, profile.title),
  async () => checkPlace(await tx.scriptProfiles.countActive(caller.accountId), limits),
  () => checkReach(tx, caller, profile, limits),
];

/** Only of what the edit changes. @throws Refusal TITLE_TAKEN, COMPUTER_LIMIT */
export const editChecks = (
  tx: Repositories,
  caller: Caller,
  { before, after, limits }: { before: ScriptProfile; after: ScriptProfile; limits: Limits },
): Check[] => [
  ...(after.title === before.title ? [] : [() => checkTitle(tx, caller, after.title)]),
  ...(after.tags === before.tags && after.allComputers === before.allComputers
    ? []
    : [() => checkReach(tx, caller, after, limits)]),
];

async function checkTitle(tx: Repositories, caller: Caller, title: string): Promise<void> {
  const holder = await tx.scriptProfiles.titleHolder(caller.accountId, title);
  if (!holder) return;
  // A title is unique in the whole account; whose it is only who sees the profile may know.
  const who = holds(caller, 'ViewScriptProfile', holder.accessGroupId)
    ? `: the ${holder.archived ? 'archived' : 'active'} script profile ${holder.id}.${holder.archived ? ' The title of an archived profile cannot be reused.' : ''}`
    : '.';
  throw new Refusal('TITLE_TAKEN', `A script profile with this title already exists${who}`, {
    field: 'title',
    found: show(title),
    allowed: 'a title that no other script profile of the account has, archived ones included',
  });
}

/** A profile of event kind waits for computers one by one: no bound on those that are there already. */
async function checkReach(
  tx: Repositories,
  caller: Caller,
  profile: Omit<ScriptProfile, 'id'>,
  limits: Limits,
): Promise<void> {
  const account = wholeAccount(caller.accountId);
  const [associated] = await tx.computers.countReached(account, [associationTarget(profile)]);
  checkAssociation(associated!.all, limits, profile.allComputers ? 'allComputers' : 'tags');
}

export const scriptNotFound = (id: unknown) =>
  new Refusal('SCRIPT_NOT_FOUND', 'The specified script does not exist.', {
    field: 'scriptId',
    found: show(id),
    allowed: 'the id of a script of the account',
  });
