import { raw, type Sql, sql, timestamp } from '../database/sql.ts';
import type { Instant } from '../domain/time.ts';
import type { Rule } from '../services/maintenance/diagnosis.ts';

/** A rule with the query that finds violations, as rows of `account_id` and `what`. */
export interface CheckedRule extends Rule {
  readonly about: 'rows' | 'clock';
  broken(now: Instant): Sql;
}

const fromBackup =
  'no release writes such rows: find out who changed them, restore an earlier backup, or report it with this text';

const open = sql`num_undelivered + num_delivered`;
const begun = sql`num_delivered + num_canceled + num_failed + num_succeeded`;
const undelivered = raw(`'undelivered', 'scheduled', 'waiting', 'blocked', 'unapproved'`);

/** Longer than the scheduler sleeps, and longer than the delay before a failed slot is retried. */
const patience = raw(`interval '5 minutes'`);

export const rules: readonly CheckedRule[] = [
  {
    about: 'rows',
    says: 'people whose e-mail address another person of the account has in a different case',
    advice:
      'each is found only by its exact spelling; decide which person to keep, and remove the other one from all roles',
    broken: () => sql`
      select account_id, format('person %s, %s', id, email) as what
      from person where email_key <> folded_email(email)`,
  },
  {
    about: 'rows',
    says: 'occasions on which a script profile ran more than once',
    advice: `recreate the unique index of "run"; ${fromBackup}`,
    broken: () => sql`
      select account_id, format('profile %s, %s', script_profile_id, occasion) as what
      from run group by account_id, script_profile_id, occasion having count(*) > 1`,
  },
  {
    about: 'rows',
    says: 'runs that more than one slot in the ledger names as its run',
    advice: fromBackup,
    broken: () => sql`
      select account_id, format('run %s', run_id) as what
      from slot_entry where status = 'fired' group by account_id, run_id having count(*) > 1`,
  },
  {
    about: 'rows',
    says: 'runs for a slot that the ledger does not record as fired',
    advice: fromBackup,
    // Ledger entries are deleted by their slot, but runs by their creation. So a run for a slot before the first entry
    // is no violation.
    broken: () => sql`
      select r.account_id, format('run %s of profile %s', r.id, r.script_profile_id) as what
      from run r
      where r.slot >= (select min(last_slot) from slot_entry e where e.account_id = r.account_id)
        and not exists (select from slot_entry e where e.account_id = r.account_id and e.run_id = r.id and e.status = 'fired')`,
  },
  {
    about: 'rows',
    says: 'slots that the ledger records as fired, but without a run',
    advice: fromBackup,
    broken: () => sql`
      select e.account_id, format('entry %s of profile %s', e.id, e.script_profile_id) as what
      from slot_entry e
      where e.status = 'fired' and e.last_slot >= (select min(created_at) from run r where r.account_id = e.account_id)
        and not exists (select from run r where r.account_id = e.account_id and r.id = e.run_id)`,
  },
  {
    about: 'rows',
    says: 'runs whose counts differ from their executions',
    advice: `set num_* of these rows of "activity" to the counts of their executions by status; ${fromBackup}`,
    broken: () => sql`
      select parent.account_id, format('activity %s', parent.id) as what
      from activity parent
      cross join lateral (
        select count(*) filter (where status in (${undelivered})) as undelivered,
          count(*) filter (where status = 'delivered') as delivered,
          count(*) filter (where status = 'canceled') as canceled,
          count(*) filter (where status = 'failed') as failed,
          count(*) filter (where status = 'succeeded') as succeeded
        from activity child where child.account_id = parent.account_id and child.parent_id = parent.id) counted
      where parent.parent_id is null
        and (num_undelivered, num_delivered, num_canceled, num_failed, num_succeeded)
          <> (counted.undelivered, counted.delivered, counted.canceled, counted.failed, counted.succeeded)`,
  },
  {
    about: 'rows',
    // Runs without executions are ignored, because the documented world contains an undelivered one.
    says: 'runs whose status does not match their executions',
    advice: `cancel or report one of their executions, or set the status manually; ${fromBackup}`,
    broken: () => sql`
      select account_id, format('activity %s is %s', id, status) as what
      from activity
      where parent_id is null and num_undelivered + num_delivered + num_canceled + num_failed + num_succeeded > 0
        and status <> case
        when ${open} > 0 and ${begun} > 0 then 'delivered'
        when ${open} > 0 then 'undelivered'
        when num_failed > 0 then 'failed'
        when num_canceled > 0 then 'canceled'
        else 'succeeded' end`,
  },
  {
    about: 'rows',
    says: 'script profiles that will never run again, but are neither finished, paused nor archived',
    advice: 'edit the trigger of each (change its time and restore it), which sets the next run',
    broken: () => sql`
      select account_id, format('profile %s', id) as what
      from script_profile
      where trigger_kind <> 'event' and next_run is null and not archived and paused_at is null and is_finished is not true`,
  },
  {
    about: 'rows',
    says: 'script profiles with a run that is newer than their last run',
    advice: `set "last_run" to the newest "created_at" of their runs; ${fromBackup}`,
    broken: () => sql`
      select p.account_id, format('profile %s', p.id) as what
      from script_profile p
      where exists (
        select from run r where r.account_id = p.account_id and r.script_profile_id = p.id
          and r.created_at > coalesce(p.last_run, '-infinity'))`,
  },
  {
    about: 'rows',
    says: 'script profiles that are not archived, although their script is',
    advice: 'archive them, because the script will not run again',
    broken: () => sql`
      select p.account_id, format('profile %s', p.id) as what
      from script_profile p join script s on s.account_id = p.account_id and s.id = p.script_id
      where not p.archived and s.status <> 'ACTIVE'`,
  },
  {
    about: 'rows',
    says: 'access groups whose stored descendants differ from the tree',
    advice: `script profiles and permissions depend on "access_group_reach": repair it before the next run; ${fromBackup}`,
    broken: () => sql`
      with recursive tree as (
        select account_id, id as above_id, id as below_id from access_group
        union
        select tree.account_id, tree.above_id, g.id
        from tree join access_group g on g.account_id = tree.account_id and g.parent_id = tree.below_id)
      select account_id, format('group %s over %s', above_id, below_id) as what
      from ((table tree except select account_id, above_id, below_id from access_group_reach)
        union all (select account_id, above_id, below_id from access_group_reach except table tree)) different`,
  },
  {
    about: 'rows',
    says: 'accounts without limits, or without the access group "global"',
    advice: fromBackup,
    broken: () => sql`
      select id as account_id, format('account %s', name) as what
      from account a
      where a.id not in (select account_id from script_profile_limits)
        or not exists (select from access_group g where g.account_id = a.id and g.parent_id is null)`,
  },
  {
    about: 'rows',
    says: 'accounts without an administrator: their GlobalAdmin has no people',
    advice: 'run npm run admin -- --account <name> with the e-mail address of a new person',
    broken: () => sql`
      select a.id as account_id, format('account %s', a.name) as what
      from account a
      where not exists (
        select from role r join role_person rp on rp.account_id = r.account_id and rp.role_id = r.id
        where r.account_id = a.id and r.is_global_admin)`,
  },
  {
    about: 'clock',
    says: 'script profiles that have been due for more than five minutes',
    advice:
      'check that a server runs with SCHEDULER=on; if so, its log shows the error ("could not be run"); after ' +
      'a start, it needs a minute to catch up',
    broken: (now) => sql`
      select account_id, format('profile %s since %s', id, next_run at time zone 'UTC') as what
      from script_profile where next_run < ${timestamp(now)} - ${patience}`,
  },
  {
    about: 'clock',
    says: 'executions that have been overdue for more than five minutes',
    advice: 'check that a server runs with SCHEDULER=on; if so, its log shows the error',
    broken: (now) => sql`
      select account_id, format('activity %s since %s', id, overdue_at at time zone 'UTC') as what
      from activity where overdue_at < ${timestamp(now)} - ${patience}`,
  },
  {
    about: 'clock',
    says: 'runs whose undelivered executions were to be canceled more than five minutes ago',
    advice: 'see that a server runs with SCHEDULER=on; if one does, its log has what went wrong',
    broken: (now) => sql`
      select account_id, format('activity %s since %s', id, deliver_by at time zone 'UTC') as what
      from activity where deliver_by < ${timestamp(now)} - ${patience} and num_undelivered > 0`,
  },
];
