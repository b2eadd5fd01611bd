import { FieldResolver, Resolver, Root } from 'type-graphql';
import { describeCron } from './cron-description.ts';
import { RecurringTriggerType } from './trigger.type.ts';

@Resolver(() => RecurringTriggerType)
export class RecurringTriggerResolver {
  @FieldResolver(() => String)
  description(@Root() { interval }: RecurringTriggerType): string {
    return describeCron(interval);
  }
}
