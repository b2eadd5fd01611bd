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
import { type ScriptChange, scriptChanges } from '../../domain/change.ts';
import type { ScriptHead } from '../../domain/scripts/script.ts';
import type { ThingEvent } from '../../services/subscriptions/live.ts';
import type { Delivery } from '../../services/subscriptions/watch.ts';
import { existingId } from '../common/global-id.ts';
import type { GraphContext } from '../context.ts';
import { newsOf, type Subscribing } from '../subscriptions.ts';
import { ScriptType } from './script.type.ts';

const ScriptChangeEnum = Object.fromEntries(scriptChanges.map((change) => [change, change]));

registerEnumType(ScriptChangeEnum, {
  name: 'ScriptChange',
  description: 'Kind of change to a script. Later releases may add values. Treat an unknown value as EDITED.',
  valuesConfig: {
    CREATED: { description: 'The script was created.' },
    EDITED: { description: 'The script was edited, or its attachments were changed.' },
    ARCHIVED: { description: 'The script was archived permanently.' },
    REDACTED: { description: 'The code of the script was deleted.' },
  },
});

@ObjectType('ScriptEvent', { description: 'Changes of a script.', simpleResolvers: true })
class ScriptEventType {
  @Field(() => ScriptType, {
    nullable: true,
    description:
      'The script in its current state. Null at the start, and after events may have been lost. If null, reload the displayed data with `scripts`.',
  })
  script!: ScriptHead | null;

  @Field(() => [ScriptChangeEnum], {
    description:
      'Changes since the last event, in the order in which they happened. Empty if the event only shows the current state.',
  })
  changes!: readonly ScriptChange[];
}

@Resolver()
export class ScriptSubscriptions {
  @Subscription(() => ScriptEventType, {
    description:
      'Changes of one script, or of all scripts that the caller may see: creation, edits, archiving and redaction. The first event shows the current state, so a subscriber that reconnects misses nothing. Changes of a script within a quarter of a second are combined into one event. NOT_FOUND if the script does not exist or the caller may not see it. To poll instead, use `script(id:)`.',
    subscribe: ({ args, context }: Subscribing<{ id?: string | null }>) =>
      context.services.live.scripts(
        context.caller,
        args.id == null ? null : existingId('Script', 'script', args.id),
        context.giveUp,
      ),
  })
  scriptChanged(
    @Root() delivery: Delivery<ThingEvent<ScriptHead, ScriptChange>>,
    @Arg('id', () => ID, {
      nullable: true,
      description: 'Global id or number of one script. Defaults to all that the caller may see.',
    })
    _id: string | null,
    @Ctx() { pageLoader }: GraphContext,
  ): ScriptEventType {
    const { thing, changes } = newsOf(delivery, pageLoader);
    return { script: thing, changes };
  }
}
