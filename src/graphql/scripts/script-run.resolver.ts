import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Activity } from '../../domain/activities/activity.ts';
import { ActivityNodeType } from '../activities/activity.type.ts';
import { payload } from '../common/errors.ts';
import { existingId } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import { Payload } from '../common/payload.ts';
import { DateTime } from '../common/scalars.ts';
import { computerIds } from '../computers/computer.input.ts';
import type { GraphContext } from '../context.ts';

@InputType('RunScriptInput', {
  description: 'Script to run without a profile. Exactly one of `computerIds` and `query` is required.',
})
class RunScriptInput {
  @Field(() => ID, { description: 'Global id or number of the script.' })
  scriptId!: string;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Global ids or numbers of computers. Maximum 1,000. Computers that the run may not reach are left out.',
  })
  computerIds?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Search query as in `computers(filter: { query })`, with at least one term.',
  })
  query?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'User who runs the script: 1 to 256 characters. Defaults to the user of the script. Required if the script has none.',
  })
  username?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Time limit in seconds. Minimum 1. Defaults to the time limit of the script.',
  })
  timeLimit?: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Earliest time of delivery. Until then, the executions are SCHEDULED. Defaults to now.',
  })
  deliverAfter?: string | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@ObjectType('RunScriptPayload', { description: 'Result of `runScript`.', simpleResolvers: true })
class RunScriptPayload extends Payload {
  @Field(() => ActivityNodeType, { nullable: true, description: 'The new run. Null if refused.' })
  activity?: Activity;
}

@Resolver()
export class ScriptRunResolver {
  @Mutation(() => RunScriptPayload, {
    description:
      'Runs a script without a profile. It reaches accepted computers that the caller may see, in the script’s access group or its descendants. Requires ManageScriptProfile in that group. A run covers at most `limits { maxNumComputers }` computers, lowest numbers first. Refused with NOT_FOUND, SCRIPT_NOT_ACTIVE, INVALID_INPUT or IDEMPOTENCY_KEY_REUSED.',
  })
  runScript(
    @Arg('input', () => RunScriptInput, { description: 'Script to run, and the computers to run it on.' }) {
      idempotencyKey,
      ...input
    }: RunScriptInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<RunScriptPayload> {
    return payload(async () => {
      const draft = {
        ...input,
        scriptId: existingId('Script', 'script', input.scriptId, 'scriptId'),
        computerIds: input.computerIds && computerIds(input.computerIds, 'computerIds'),
      };
      return { activity: await services.scriptRuns.run(caller, draft, idempotencyKey) };
    });
  }
}
