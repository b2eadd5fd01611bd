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
  description: 'Change of a computer. Later versions may add values: treat an unknown one as EDITED.',
  valuesConfig: {
    ENROLLED: { description: 'It enrolled.' },
    ACCEPTED: { description: 'It was accepted.' },
    EDITED: { description: 'Its tags or its access group were changed.' },
    REJECTED: { description: 'It was rejected while it was pending.' },
    REMOVED: { description: 'It was removed.' },
    REPLACED: { description: 'It was removed because its machine has registered again.' },
  },
});

@ObjectType('ComputerEvent', { description: 'Events of computers.', simpleResolvers: true })
class ComputerEventType {
  @Field(() => ComputerType, {
    nullable: true,
    description:
      'Computer in its present state. Null beside `removedId`. Null without `removedId` if anything may have changed, as at the start and after missed events: then fetch `computers` again.',
  })
  computer!: Computer | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Global id of a computer that is gone, or that was moved to an access group where the caller sees no computers. Null for every other event.',
  })
  removedId!: string | null;

  @Field(() => [ComputerChangeEnum], {
    description: 'Changes since the last event, in order. Empty if the event is a snapshot.',
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
        'Object to follow, by its global id or its number. The stream ends when it is removed. Defaults to all objects of the account.',
    })
    _id: string | null,
    @Ctx() { pageLoader }: GraphContext,
  ): ComputerEventType {
    const { thing, goneId, changes } = newsOf(delivery, pageLoader);
    return { computer: thing, removedId: goneId === null ? null : globalId('Computer', goneId), changes };
  }
}
