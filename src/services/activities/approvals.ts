import { type Caller, wholeAccount } from '../../domain/accounts/access.ts';
import type { Activity } from '../../domain/activities/activity.ts';
import { record } from '../event-log.ts';
import type { Store } from '../ports.ts';
import { asEntity, checkEach, chosenActivities } from './activity-choice.ts';
import { changeExecutions } from './executions.ts';

/**
 * Approval of executions. This code never creates executions that wait for approval, but an existing database
 * may contain them.
 */
export function approvalService(store: Store) {
  return {
    /**
     * Approves all activities that a query matches, or none.
     * @throws Refusal FORBIDDEN; INVALID_INPUT if an activity does not wait for approval
     */
    approveAll(caller: Caller, query: string): Promise<Activity[]> {
      return store.transaction(async (tx, now) => {
        const { accountId } = caller;
        const activities = await chosenActivities(tx, caller, query);
        checkEach(activities, 'query', {
          breaks: ({ status }) => status !== 'unapproved',
          says: () => 'The activity does not wait for approval.',
          allowed: 'activities that wait for approval',
        });
        const ids = activities.map(({ id }) => id);
        const which = { ids, in: ['unapproved'] as const };
        const runs = await tx.executions.lockRuns(accountId, which);
        const change = { status: 'undelivered', completionTime: null } as const;
        await changeExecutions(tx, accountId, runs, which, change, now);
        const deeds = activities.map((activity) => ({
          action: 'ACTIVITY_APPROVED' as const,
          entity: asEntity(activity),
        }));
        record(tx, caller, now, ...deeds);
        const after = await tx.activities.byIds(wholeAccount(accountId), ids);
        return after.flatMap((activity) => activity ?? []);
      });
    },
  };
}
