import {
  Arg,
  Ctx,
  Field,
  ID,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
  Subscription,
} from 'type-graphql';
import { type ComputerChange, computerChanges } from '../../domain/change.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import type { ThingEvent } from '../../services/subscriptions/live.ts';
import type { Delivery } from '../../services/subscriptions/watch.ts';
import { existingId, globalId } from '../common/global-id.ts';
import type { GraphContext } from '../context.ts';
import { newsOf, type Subscribing } from '../subscriptions.ts';
import { ComputerType } from './computer.type.ts';

const ComputerChangeEnum = Object.fromEntries(computerChanges.map((change) => [change, change]));

registerEnumType(ComputerChangeEnum, {
  name: 'ComputerChange',
  description:
    'Kind of change to a computer. Later releases may add values. Treat an unknown value as EDITED.',
  valuesConfig: {
    ENROLLED: { description: 'The computer enrolled.' },
    ACCEPTED: { description: 'The computer was accepted.' },
    EDITED: { description: 'The computer’s tags or its access group was changed.' },
    REJECTED: { description: 'The pending computer was rejected.' },
    REMOVED: { description: 'The computer was removed.' },
    REPLACED: { description: 'The computer was removed, because its machine registered again.' },
  },
});

@ObjectType('ComputerEvent', { description: 'Changes of a computer.', simpleResolvers: true })
class ComputerEventType {
  @Field(() => ComputerType, {
    nullable: true,
    description:
      'The computer in its current state. Null if `removedId` is given. Without `removedId`, null at the start and after events may have been lost. Then reload the displayed data with `computers`.',
  })
  computer!: Computer | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Global id of a computer that was removed, or that moved to an access group where the caller may not see computers. Null in all other events.',
  })
  removedId!: string | null;

  @Field(() => [ComputerChangeEnum], {
    description:
      'Changes since the last event, in the order in which they happened. Empty if the event only shows the current state.',
  })
  changes!: readonly ComputerChange[];
}

@Resolver()
export class ComputerSubscriptions {
  @Subscription(() => ComputerEventType, {
    description:
      'Changes of one computer, or of all computers that the caller may see: enrolment, acceptance, edits, rejection, removal and replacement. Reports of their clients, such as `lastSeenAt`, cause no event. The first event shows the current state, so a subscriber that reconnects misses nothing. Changes of a computer within a quarter of a second are combined into one event. NOT_FOUND if the computer does not exist or the caller may not see it. To poll instead, use `computer(id:)`.',
    subscribe: ({ args, context }: Subscribing<{ id?: string | null }>) =>
      context.services.live.computers(
        context.caller,
        args.id == null ? null : existingId('Computer', 'computer', args.id),
        context.giveUp,
      ),
  })
  computerChanged(
    @Root() delivery: Delivery<ThingEvent<Computer, ComputerChange>>,
    @Arg('id', () => ID, {
      nullable: true,
      description:
        'Global id or number of one computer. The stream ends when it is removed. Defaults to all that the caller may see.',
    })
    _id: string | null,
    @Ctx() { pageLoader }: GraphContext,
  ): ComputerEventType {
    const { thing, goneId, changes } = newsOf(delivery, pageLoader);
    return { computer: thing, removedId: goneId === null ? null : globalId('Computer', goneId), changes };
  }
}
