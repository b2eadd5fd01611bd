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
  description: 'Outcome of slots that fell due.',
  valuesConfig: {
    FIRED: { description: 'The slot was run.' },
    COALESCED: { description: 'The run of a later slot covers this slot.' },
    MOVED: { description: 'The slot came too soon after a run, so the next run is at a later slot.' },
    SKIPPED: { description: 'The slot was not run. See `reason`.' },
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
  description: 'Reason why a slot had no run at its time.',
  valuesConfig: {
    OUTAGE: { description: 'The scheduler was down or late when the slot fell due.' },
    SPACING: { description: 'The `minInterval` of the account had not passed since the previous run.' },
    PAUSED: { description: 'The script profile was paused.' },
    OVERLAP: {
      description: 'The previous run was still in progress, and runs of the profile may not overlap.',
    },
    RESCHEDULED: { description: 'The trigger was changed.' },
    ARCHIVED: { description: 'The script profile was archived.' },
  },
});

@ObjectType('SlotEntry', {
  description: 'Outcome of one or more consecutive slots. A slot is a time at which a trigger falls due.',
  simpleResolvers: true,
})
export class SlotEntryType {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  @Field(() => SlotStatusEnum, { description: 'Outcome of the slots.' })
  status!: SlotStatus;

  @Field(() => SlotReasonEnum, {
    nullable: true,
    description: 'Reason why the slots had no run at their time. Null if FIRED.',
  })
  reason!: SlotReason | null;

  @Field(() => DateTime, { description: 'Time of the first slot.' })
  firstSlot!: string;

  @Field(() => DateTime, { description: 'Time of the last slot. Equals `firstSlot` for a single slot.' })
  lastSlot!: string;

  @Field(() => Int, { description: 'Number of slots.' })
  number!: number;
}

export const SlotEntryConnection = connectionType(SlotEntryType, 'SlotEntry', 'ledger entries');

const SlotEntryOrder = orderInput('SlotEntry', { FIRST_SLOT: 'Time of the first slot.' });

@ArgsType()
export class SlotsArgs extends ConnectionArgs {
  @Field(() => SlotEntryOrder, {
    nullable: true,
    defaultValue: defaultOrder.SlotEntry,
    description: 'Sort order. Defaults to latest first.',
  })
  orderBy?: InstanceType<typeof SlotEntryOrder> | null;
}
