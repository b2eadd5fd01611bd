import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { SlotReason, SlotStatus } from '../../domain/schedule/slot-ledger.ts';
import { ConnectionArgs, connectionType, defaultOrder } from '../common/connection.ts';
import { cacheIdDescription } from '../common/global-id.ts';
import { orderInput } from '../common/order.ts';
import { DateTime } from '../common/scalars.ts';

export const SlotStatusEnum = {
  FIRED: 'fired',
  COALESCED: 'coalesced',
  MOVED: 'moved',
  SKIPPED: 'skipped',
} as const satisfies Record<string, SlotStatus>;

registerEnumType(SlotStatusEnum, {
  name: 'SlotStatus',
  description: 'What became of slots that fell due.',
  valuesConfig: {
    FIRED: { description: 'It was run for.' },
    COALESCED: { description: 'A later slot’s run stands for it.' },
    MOVED: { description: 'It came too soon after a run: the next one is a later slot’s.' },
    SKIPPED: { description: 'It was not run for; `reason` says why.' },
  },
});

export const SlotReasonEnum = {
  OUTAGE: 'outage',
  SPACING: 'spacing',
  PAUSED: 'paused',
  OVERLAP: 'overlap',
  RESCHEDULED: 'rescheduled',
  ARCHIVED: 'archived',
} as const satisfies Record<string, SlotReason>;

registerEnumType(SlotReasonEnum, {
  name: 'SlotReason',
  description: 'Why a slot was not run for at its time.',
  valuesConfig: {
    OUTAGE: { description: 'Nothing was fired when it fell due: the service was down, or late.' },
    SPACING: { description: 'The account’s `minInterval` had not passed since the run before.' },
    PAUSED: { description: 'The profile was paused.' },
    OVERLAP: { description: 'The last run was still in progress, and runs of the profile may not overlap.' },
    RESCHEDULED: { description: 'The trigger was set anew.' },
    ARCHIVED: { description: 'The profile was archived.' },
  },
});

@ObjectType('SlotEntry', {
  description:
    'What became of one slot, or of several one after the other: times at which a trigger fell due.',
  simpleResolvers: true,
})
export class SlotEntryType {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  @Field(() => SlotStatusEnum, { description: 'What became of them.' })
  status!: SlotStatus;

  @Field(() => SlotReasonEnum, { nullable: true, description: 'Why they were not run for; null when fired.' })
  reason!: SlotReason | null;

  @Field(() => DateTime, { description: 'The first of the slots.' })
  firstSlot!: string;

  @Field(() => DateTime, { description: 'The last of the slots; the same when there is one.' })
  lastSlot!: string;

  @Field(() => Int, { description: 'How many slots.' })
  number!: number;
}

export const SlotEntryConnection = connectionType(SlotEntryType, 'SlotEntry', 'ledger entries');

const SlotEntryOrder = orderInput('SlotEntry', { FIRST_SLOT: 'Its first slot.' });

@ArgsType()
export class SlotsArgs extends ConnectionArgs {
  @Field(() => SlotEntryOrder, {
    nullable: true,
    defaultValue: defaultOrder.SlotEntry,
    description: 'Order of the list. Defaults to the latest first.',
  })
  orderBy?: InstanceType<typeof SlotEntryOrder> | null;
}
