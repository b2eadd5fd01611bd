import { authorise, type Caller, scopeOf, wholeAccount } from '../../domain/accounts/access.ts';
import { groupAndAbove } from '../../domain/accounts/access-group.ts';
import type { Limits } from '../../domain/accounts/limits.ts';
import { reaches } from '../../domain/computers/association.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import { checkTagChange, type TagChange, tagsAfter } from '../../domain/computers/tag.ts';
import { notFound } from '../../domain/errors.ts';
import { associationTarget, type ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { mapInSlices } from '../fairness/slices.ts';
import type { Store } from '../ports.ts';

/** The effect of a change of tags on one profile. */
export interface TagChangeEffect {
  readonly profile: ScriptProfile;
  readonly gained: readonly Computer[];
  readonly lost: readonly Computer[];
  /** Number of computers that the profile would be associated with. */
  readonly numMatched: number;
  readonly limits: Limits;
}

/** Dry run of a change of tags. Writes nothing and locks nothing. */
export const tagPreviewService = (store: Store) => ({
  /**
   * The profiles that would gain or lose computers, in the order of their ids.
   * @throws Refusal NOT_FOUND, INVALID_INPUT, FORBIDDEN
   */
  preview: (caller: Caller, ids: readonly number[], change: TagChange): Promise<TagChangeEffect[]> =>
    store.transaction(async (tx) => {
      const account = wholeAccount(caller.accountId);
      const found = await tx.computers.byIds(scopeOf(caller, 'ViewComputer'), ids);
      const computers = found.map((computer, index) => {
        if (!computer) throw notFound('computer', ids[index], 'computerIds');
        authorise(caller, 'ManageComputer', computer.accessGroup.id);
        return computer;
      });
      authorise(caller, 'ViewScriptProfile');
      const checked = checkTagChange(change);
      const limits = await tx.limits.of(caller.accountId);
      const above = groupAndAbove(await tx.accessGroups.all(account));
      const profiles = await tx.scriptProfiles.active(scopeOf(caller, 'ViewScriptProfile'));
      const targets = profiles.map(associationTarget);
      const before = await tx.computers.countReached(account, targets);
      const changed = computers.flatMap((computer) => {
        if (computer.status !== 'accepted') return [];
        const before = new Set(computer.tags);
        const after = new Set(tagsAfter(computer.tags, checked));
        return [{ computer, before, after, groups: above(computer.accessGroup.id) }];
      });
      const touched = new Set([...(checked.add ?? []), ...(checked.remove ?? [])]);
      const effects = await mapInSlices(profiles, (profile, index): TagChangeEffect[] => {
        const target = targets[index];
        // Other tags do not affect which computers the profile matches.
        if (!target || target.allComputers || !target.tags.some((tag) => touched.has(tag))) return [];
        const [gained, lost]: [Computer[], Computer[]] = [[], []];
        for (const { computer, before: tags, after, groups: groupAndAbove } of changed) {
          const was = reaches(target, { tags, groupAndAbove });
          const is = reaches(target, { tags: after, groupAndAbove });
          if (is && !was) gained.push(computer);
          if (was && !is) lost.push(computer);
        }
        if (gained.length + lost.length === 0) return [];
        return [
          { profile, gained, lost, limits, numMatched: before[index]!.all + gained.length - lost.length },
        ];
      });
      return effects.flat();
    }),
});
