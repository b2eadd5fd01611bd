import type pg from 'pg';
import type { Instant } from '../../src/domain/time.ts';
import { type Chance, oneOf } from '../../tools/seeded.ts';
import type { Client } from './client.ts';
import type { Fleet } from './fleet.ts';
import type { Act } from './load.ts';
import { intervals, type Known, ruleOf, someTime, type World } from './world.ts';

/** Performs the actions of people through a running replica. */
export class Operator {
  acts = 0;
  private enrolled = 0;

  constructor(
    private readonly world: World,
    private readonly client: Client,
    private readonly fleet: Fleet,
    private readonly token: string,
    private readonly driver: pg.Pool,
    private readonly chance: Chance,
  ) {}

  /** The actions with their weights. */
  get all(): readonly Act[] {
    const onOne = (act: (profile: Known) => Promise<void>) => async () => {
      this.acts += 1;
      const open = this.world.profiles.filter(
        (each) => !each.isFixed && !each.archivedAt && each.kind !== 'event',
      );
      const profile = oneOf(this.chance, open);
      if (profile) await act(profile);
    };
    return [
      { weight: 10, act: () => this.enrol() },
      { weight: 25, act: onOne((profile) => this.setTrigger(profile)) },
      { weight: 15, act: onOne((profile) => this.changeReach(profile)) },
      { weight: 25, act: onOne((profile) => this.pauseOrResume(profile)) },
      { weight: 15, act: onOne((profile) => this.runNow(profile)) },
      { weight: 10, act: onOne((profile) => this.archive(profile)) },
    ];
  }

  async archive(profile: Known): Promise<void> {
    await this.mutate('archiveScriptProfile', { id: profile.id });
    profile.archivedAt = (await this.row(profile)).lastEditedAt;
  }

  private async setTrigger(profile: Known): Promise<void> {
    const { now } = await this.row(profile);
    const recurring = profile.kind === 'recurring';
    const value = recurring ? oneOf(this.chance, intervals) : someTime(this.chance, now);
    if (value === profile.triggers.at(-1)!.value) return;
    const trigger = recurring ? { recurring: { interval: value } } : { oneTime: { timestamp: value } };
    await this.mutate('updateScriptProfile', { id: profile.id, trigger });
    profile.triggers.push({ value, since: (await this.row(profile)).lastEditedAt });
  }

  private async changeReach(profile: Known): Promise<void> {
    const tags = ruleOf(this.chance);
    const before = await this.row(profile);
    await this.mutate('updateScriptProfile', {
      id: profile.id,
      allComputers: tags === null,
      ...(tags && { tags }),
    });
    const after = await this.row(profile);
    if (after.lastEditedAt !== before.lastEditedAt) profile.reach.push({ tags, since: after.lastEditedAt });
  }

  private async pauseOrResume(profile: Known): Promise<void> {
    const last = profile.pauses.at(-1);
    if (last?.until === null) {
      const { now } = await this.row(profile);
      await this.mutate('resumeScriptProfile', { id: profile.id });
      last.until = now;
    } else {
      await this.mutate('pauseScriptProfile', { id: profile.id, note: 'Chaos' });
      profile.pauses.push({ from: (await this.row(profile)).pausedAt!, until: null });
    }
  }

  private async runNow(profile: Known): Promise<void> {
    const idempotencyKey = `${profile.id}-${profile.handKeys.length}`;
    const answer = await this.mutate('runScriptProfile', { id: profile.id, idempotencyKey });
    // Refused while the last run is in progress, if runs of the profile may not overlap.
    if (answer.userErrors.length === 0) profile.handKeys.push(idempotencyKey);
  }

  /** Enrols and accepts a computer. Repeating the acceptance after a lost answer must not run a profile twice. */
  private async enrol(): Promise<void> {
    this.acts += 1;
    this.enrolled += 1;
    const hostname = `late-${this.enrolled}`;
    const { computer, token } = await this.mutate(
      'enrolComputer',
      { hostname, accessGroup: 'late', idempotencyKey: hostname },
      'computer { id } token',
    );
    await this.mutate('acceptComputers', { ids: [computer.id] });
    this.fleet.join(token);
  }

  /** A retry after a lost answer may be refused, because the first attempt has succeeded. */
  private async mutate(name: string, input: object, selection = '') {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { done: ${name}(input: $input) { ${selection} userErrors { code message } } }`;
    return (await this.client.ask(this.token, query, { input })).done;
  }

  private async row(
    profile: Known,
  ): Promise<{ now: Instant; lastEditedAt: Instant; pausedAt: Instant | null }> {
    const text = (column: string) =>
      `to_char((${column}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
    const { rows } = await this.driver.query(
      `SELECT ${text('clock_timestamp() + "offset"')} AS now, ${text('last_edited_at')} AS "lastEditedAt",
         ${text('paused_at')} AS "pausedAt"
       FROM script_profile, chaos_clock WHERE account_id = $1 AND id = $2`,
      [this.world.accountId, profile.id],
    );
    return rows[0];
  }
}
