import { closeLedger } from '../schedule/firing.ts';
import { type ForecastFiring, firings, type Moment } from '../schedule/forecast.ts';
import type { SlotEntry } from '../schedule/slot-ledger.ts';
import { epochSeconds } from '../time.ts';
import type { ScriptProfile } from './script-profile.ts';

/** Warnings about a change that is accepted, but may not be intended. */
export const warningCodes = [
  'MATCHES_NOBODY',
  'OVER_COMPUTER_LIMIT',
  'TAGS_IGNORED',
  'RUNS_AT_ONCE',
  'NEVER_RUNS',
  'SPACED',
  'MAY_OVERLAP',
  'PAUSED',
  'SLOTS_SKIPPED',
] as const;
export type WarningCode = (typeof warningCodes)[number];

export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

export const MAX_FORECAST_RUNS = 50;

/** The first firings of a forecast. */
export function firstFirings(
  profile: ScriptProfile,
  moment: Moment,
  most = MAX_FORECAST_RUNS,
): ForecastFiring[] {
  const first: ForecastFiring[] = [];
  for (const firing of firings(profile, moment)) {
    if (first.length >= most) break;
    first.push(firing);
  }
  return first;
}

/** Slots that are due but not fired, and that the edit skips. */
export const slotsGivenUp = (
  before: ScriptProfile | null,
  after: ScriptProfile,
  { now }: Moment,
): SlotEntry[] =>
  before === null || before.arming === after.arming
    ? []
    : closeLedger(before, 'rescheduled', now).filter(({ reason }) => reason === 'rescheduled');

/** @param matched number of computers that the profile matches */
export function warningsOf(
  { before, after, matched }: { before: ScriptProfile | null; after: ScriptProfile; matched: number },
  moment: Moment,
): Warning[] {
  const { maxNumComputers, minInterval } = moment.limits;
  const { trigger, nextRun, timeLimit } = after;
  const scheduled = trigger.kind !== 'event' && after.pausedAt === null;
  const forecast = firstFirings(after, moment);
  const moved = forecast.some(({ ledger }) => ledger.some(({ status }) => status === 'moved'));
  const tooClose = forecast.some(
    ({ at }, index) => index > 0 && epochSeconds(at) - epochSeconds(forecast[index - 1]!.at) < timeLimit,
  );
  const warnings: Record<WarningCode, string | false> = {
    MATCHES_NOBODY: trigger.kind !== 'event' && matched === 0 && 'The script profile matches no computer.',
    OVER_COMPUTER_LIMIT:
      matched > maxNumComputers &&
      `The script profile matches ${matched} computers. A run covers only the first ${maxNumComputers} of them by number.`,
    TAGS_IGNORED:
      after.allComputers &&
      after.tags.length > 0 &&
      'The script profile runs on all computers, so its tags have no effect.',
    RUNS_AT_ONCE:
      nextRun !== null &&
      nextRun <= moment.now &&
      'The time of the run has passed, so it starts immediately.',
    NEVER_RUNS: scheduled && nextRun === null && 'The script profile has no future run.',
    SPACED:
      moved &&
      `The schedule has more than one slot within ${minInterval} minutes. Slots that come too soon after a run are skipped.`,
    MAY_OVERLAP:
      tooClose &&
      (after.overlap === 'SKIP'
        ? 'A run may still be in progress when the next one falls due. The next one is then skipped.'
        : 'A run may still be in progress when the next one falls due. The two runs then overlap.'),
    PAUSED:
      after.pausedAt !== null && 'The script profile is paused, so it does not run until it is resumed.',
    SLOTS_SKIPPED:
      slotsGivenUp(before, after, moment).length > 0 &&
      'Slots that are due but not run yet are skipped, because the trigger changes.',
  };
  return warningCodes.flatMap((code) => {
    const message = warnings[code];
    return message === false ? [] : [{ code, message }];
  });
}
