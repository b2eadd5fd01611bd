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

@InputType('TakeExecutionsInput', { description: 'Number of executions to take.' })
class TakeExecutionsInput {
  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_TAKEN,
    description:
      'Number of new executions to deliver. Defaults to 100. Maximum 1,000. Executions that were taken earlier are returned in addition.',
  })
  first?: number | null;
}

@ObjectType('TakeExecutionsPayload', { description: 'Result of `takeExecutions`.', simpleResolvers: true })
class TakeExecutionsPayload extends Payload {
  @Field(() => [ExecutionType], {
    nullable: true,
    description:
      'Executions that the computer has taken and not reported, oldest first. Contains at most 16 MiB of code. The remaining executions follow after some of these are reported. Null if refused.',
  })
  executions?: readonly TakenExecution[];
}

@InputType('ReportExecutionInput', { description: 'Result of one execution.' })
class ReportExecutionInput {
  @Field(() => ID, { description: 'Global id or number of the execution.' })
  id!: string;

  @Field(() => Boolean, { description: 'Whether the script ended with exit code 0.' })
  succeeded!: boolean;

  @Field(() => Int, {
    nullable: true,
    description:
      'Cause of a failure. 102: killed at the time limit. 103: the exit code was not zero. 104: the attachments could not be fetched. Omit it for any other cause.',
  })
  resultCode?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Output of the script. Only the first 512 KiB are stored.',
  })
  resultText?: string | null;
}

@ObjectType('ReportExecutionPayload', {
  description: 'Result of `reportExecution`.',
  simpleResolvers: true,
})
class ReportExecutionPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'Global id of the execution. Null if refused.' })
  reportedId?: string;
}

/** Fields for the computer that executes the script. They accept only a computer's own token. */
@Resolver(() => ExecutionType)
export class ExecutionResolver {
  @Mutation(() => TakeExecutionsPayload, {
    description:
      'Delivers the waiting executions to a computer. Executions that it took before and has not reported are returned again. Requires the computer’s own token.',
  })
  takeExecutions(
    @Arg('input', () => TakeExecutionsInput, { description: 'Number of executions to take.' }) {
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
      'Reports the result of an execution. Only the first report counts, and later reports change nothing. Requires the computer’s own token. Refused with NOT_FOUND if the computer has not taken the execution, or with INVALID_INPUT.',
  })
  reportExecution(
    @Arg('input', () => ReportExecutionInput, { description: 'Result to report.' }) {
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
  throw new Refusal(
    'FORBIDDEN',
    'This request requires the token that the computer received when it enrolled.',
  );
}
