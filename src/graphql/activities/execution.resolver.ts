import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { ExecutionEnvironment, TakenExecution } from '../../domain/activities/execution.ts';
import { Refusal } from '../../domain/errors.ts';
import { payload } from '../common/errors.ts';
import { databaseIdOf, globalId } from '../common/global-id.ts';
import { Payload } from '../common/payload.ts';
import { SafeInt } from '../common/scalars.ts';
import type { GraphContext } from '../context.ts';
import { ExecutionEnvironmentType, ExecutionType } from './execution.type.ts';

const DEFAULT_TAKEN = 100;

@InputType('TakeExecutionsInput', { description: 'How much to take.' })
class TakeExecutionsInput {
  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_TAKEN,
    description:
      'Number of executions to deliver. Defaults to 100. Maximum 1,000. Executions that were taken before come on top.',
  })
  first?: number | null;
}

@ObjectType('TakeExecutionsPayload', { description: 'What the computer is to do.', simpleResolvers: true })
class TakeExecutionsPayload extends Payload {
  @Field(() => [ExecutionType], {
    nullable: true,
    description:
      'What it has taken and not reported, the oldest first. Code of more than 16 MiB comes in parts: the rest when some of it is reported.',
  })
  executions?: readonly TakenExecution[];
}

@InputType('ReportExecutionInput', { description: 'What came of an execution.' })
class ReportExecutionInput {
  @Field(() => ID, { description: 'The execution, by its global id or its number.' })
  id!: string;

  @Field(() => Boolean, { description: 'Whether the script ended with exit code 0.' })
  succeeded!: boolean;

  @Field(() => Int, {
    nullable: true,
    description:
      'Of a failure: 102 killed at the time limit, 103 exit code not zero, 104 attachments could not be fetched; left out for any other.',
  })
  resultCode?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the script printed; up to 512 KiB of it are kept.',
  })
  resultText?: string | null;
}

@ObjectType('ReportExecutionPayload', {
  description: 'Whether the report has arrived.',
  simpleResolvers: true,
})
class ReportExecutionPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The execution’s global id; null when refused.' })
  reportedId?: string;
}

/** The computer's side: for a computer's own token, and for no other. */
@Resolver(() => ExecutionType)
export class ExecutionResolver {
  @Mutation(() => TakeExecutionsPayload, {
    description:
      'For a computer’s own token: what it is to run. What was waiting is delivered by that; what it took before and has not reported comes again.',
  })
  takeExecutions(
    @Arg('input', () => TakeExecutionsInput, { description: 'How much to take.' }) {
      first,
    }: TakeExecutionsInput,
    @Ctx() context: GraphContext,
  ): Promise<TakeExecutionsPayload> {
    const computer = computerOf(context);
    return payload(async () => {
      const executions = await context.services.executions.take(computer, first ?? DEFAULT_TAKEN);
      context.pageLoader.register(executions.flatMap(({ attachments }) => attachments));
      return { executions };
    });
  }

  @Mutation(() => ReportExecutionPayload, {
    description:
      'For a computer’s own token: what came of an execution. The first report stands, and repeating it changes nothing. Refused with NOT_FOUND for an execution that it has not taken, or INVALID_INPUT.',
  })
  reportExecution(
    @Arg('input', () => ReportExecutionInput, { description: 'The report.' }) {
      id,
      ...report
    }: ReportExecutionInput,
    @Ctx() context: GraphContext,
  ): Promise<ReportExecutionPayload> {
    const computer = computerOf(context);
    return payload(async () => {
      const reported = databaseIdOf('Activity', id);
      await context.services.executions.report(computer, reported, report);
      return { reportedId: globalId('Activity', reported) };
    });
  }

  @FieldResolver(() => ID)
  id(@Root() { id }: TakenExecution): string {
    return globalId('Activity', id);
  }
}

@Resolver(() => ExecutionEnvironmentType)
export class ExecutionEnvironmentResolver {
  @FieldResolver(() => SafeInt)
  activityCreatorId(@Root() { activityCreator }: ExecutionEnvironment): number | null {
    return activityCreator?.id ?? null;
  }
}

function computerOf({ principal }: GraphContext) {
  if (principal.kind === 'computer') return principal;
  throw new Refusal('FORBIDDEN', 'This takes a computer’s own token, which it was given when it enrolled.');
}
