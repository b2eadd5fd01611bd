import { Field, Int, ObjectType } from 'type-graphql';
import { invalid } from '../../domain/errors.ts';
import type { SlotEntry, SlotReason } from '../../domain/schedule/slot-ledger.ts';
import { MAX_FORESEEN } from '../../domain/script-profiles/preview.ts';
import type { ForeseenRun } from '../../services/script-profiles/previews.ts';
import { DateTime } from '../common/scalars.ts';
import { DEFAULT_FIRST } from '../limits/complexity.ts';
import { SlotReasonEnum } from './slot.type.ts';

@ObjectType('PassedOverSlots', {
  description: 'One slot, or several one after the other, that are not run for at their time.',
  simpleResolvers: true,
})
export class PassedOverSlotsType {
  @Field(() => SlotReasonEnum, { description: 'Why not.' })
  reason!: SlotReason;

  @Field(() => DateTime, { description: 'The first of the slots.' })
  firstSlot!: string;

  @Field(() => DateTime, { description: 'The last of the slots; the same when there is one.' })
  lastSlot!: string;

  @Field(() => Int, { description: 'How many slots.' })
  number!: number;
}

export const FORESEEN =
  'A run to come, by the clock’s own rule: if nobody changes anything, the clock is punctual, and the run before is over by then.';

@ObjectType({ simpleResolvers: true })
export abstract class RunToCome {
  @Field(() => DateTime, { description: 'When it will be made.' })
  at!: string;

  @Field(() => DateTime, {
    description: 'When a computer that takes it at once would be cut short by the time limit.',
  })
  mayRunUntil!: string;

  @Field(() => Int, {
    description:
      'How many computers it will reach, as things stand: at most the account’s `maxNumComputers`.',
  })
  expectedComputers!: number;
}

@ObjectType('ForeseenRun', { description: FORESEEN, simpleResolvers: true })
export class ForeseenRunType extends RunToCome {
  @Field(() => DateTime, { description: 'The slot that it is for: earlier than `at` when that has passed.' })
  slot!: string;

  @Field(() => [PassedOverSlotsType], {
    description: 'The slots since the run before that this one stands for, or that come too soon.',
  })
  passedOver!: PassedOverSlotsType[];
}

export const passedOver = (entries: readonly SlotEntry[]): PassedOverSlotsType[] =>
  entries.flatMap(({ reason, firstSlot, lastSlot, number }) =>
    reason === null ? [] : [{ reason, firstSlot, lastSlot, number }],
  );

export const foreseenRunOf = ({ at, slot, mayRunUntil, expectedComputers, ledger }: ForeseenRun) => ({
  at,
  slot: slot ?? at,
  mayRunUntil,
  expectedComputers,
  passedOver: passedOver(ledger),
});

/** For `first` of runs to come. @throws Refusal INVALID_INPUT */
export function atMostForeseen(asked: number | null): number {
  const first = asked ?? DEFAULT_FIRST;
  if (first >= 0 && first <= MAX_FORESEEN) return first;
  throw invalid('first', first, `a whole number from 0 to ${MAX_FORESEEN}`);
}

/** `first` of runs to come. */
export const firstRuns = {
  nullable: true,
  defaultValue: DEFAULT_FIRST,
  description: `Number of runs. Defaults to ${DEFAULT_FIRST}. Maximum ${MAX_FORESEEN}.`,
} as const;
