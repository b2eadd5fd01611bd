import { Field, Int, ObjectType } from 'type-graphql';
import { invalid } from '../../domain/errors.ts';
import type { SlotEntry, SlotReason } from '../../domain/schedule/slot-ledger.ts';
import { MAX_FORECAST_RUNS } from '../../domain/script-profiles/preview.ts';
import type { ForecastRun } from '../../services/script-profiles/previews.ts';
import { DateTime } from '../common/scalars.ts';
import { DEFAULT_FIRST } from '../limits/complexity.ts';
import { SlotReasonEnum } from './slot.type.ts';

@ObjectType('PassedOverSlots', {
  description: 'One or more consecutive slots without a run at their time.',
  simpleResolvers: true,
})
export class PassedOverSlotsType {
  @Field(() => SlotReasonEnum, { description: 'Reason why the slots have no run.' })
  reason!: SlotReason;

  @Field(() => DateTime, { description: 'Time of the first slot.' })
  firstSlot!: string;

  @Field(() => DateTime, { description: 'Time of the last slot. Equals `firstSlot` for a single slot.' })
  lastSlot!: string;

  @Field(() => Int, { description: 'Number of slots.' })
  number!: number;
}

export const FORECAST_RUN =
  'A forecast run. It assumes that nothing is changed, the scheduler is punctual, and the previous run has ended.';

@ObjectType({ simpleResolvers: true })
export abstract class ForecastRunBase {
  @Field(() => DateTime, { description: 'Expected time of the run.' })
  at!: string;

  @Field(() => DateTime, {
    description: 'Time when the time limit would end the script on a computer that starts it immediately.',
  })
  mayRunUntil!: string;

  @Field(() => Int, {
    description: 'Expected number of computers, at most the `maxNumComputers` of the account.',
  })
  expectedComputers!: number;
}

@ObjectType('ForeseenRun', { description: FORECAST_RUN, simpleResolvers: true })
export class ForecastRunType extends ForecastRunBase {
  @Field(() => DateTime, {
    description: 'Slot of the run. Earlier than `at` if the slot has already passed.',
  })
  slot!: string;

  @Field(() => [PassedOverSlotsType], {
    description: 'Slots since the previous run that have no run of their own.',
  })
  passedOver!: PassedOverSlotsType[];
}

export const passedOver = (entries: readonly SlotEntry[]): PassedOverSlotsType[] =>
  entries.flatMap(({ reason, firstSlot, lastSlot, number }) =>
    reason === null ? [] : [{ reason, firstSlot, lastSlot, number }],
  );

export const forecastRunOf = ({ at, slot, mayRunUntil, expectedComputers, ledger }: ForecastRun) => ({
  at,
  slot: slot ?? at,
  mayRunUntil,
  expectedComputers,
  passedOver: passedOver(ledger),
});

/**
 * Checks `first` of a list of upcoming runs.
 * @throws Refusal INVALID_INPUT
 */
export function checkFirstRuns(asked: number | null): number {
  const first = asked ?? DEFAULT_FIRST;
  if (first >= 0 && first <= MAX_FORECAST_RUNS) return first;
  throw invalid('first', first, `a whole number from 0 to ${MAX_FORECAST_RUNS}`);
}

/** Options of the argument `first`. */
export const firstRuns = {
  nullable: true,
  defaultValue: DEFAULT_FIRST,
  description: `Number of runs. Defaults to ${DEFAULT_FIRST}. Maximum ${MAX_FORECAST_RUNS}.`,
} as const;
