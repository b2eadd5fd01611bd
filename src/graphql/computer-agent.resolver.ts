import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { AgentState, Distribution } from '../domain/agent.ts';
import type { Computer } from '../domain/computer.ts';
import { ComputerType } from './computer.type.ts';
import type { GraphContext } from './context.ts';
import type { MaybePromise } from './maybe-promise.ts';
import { DateTime } from './scalars.ts';

@ObjectType('Distribution', {
  description: 'The Linux distribution of a computer, as its client reports it.',
  simpleResolvers: true,
})
class DistributionType implements Distribution {
  @Field(() => String, { nullable: true, description: 'The distributor, such as `Ubuntu`.' })
  distributor!: string | null;

  @Field(() => String, { nullable: true, description: 'The full name, such as `Ubuntu 24.04.1 LTS`.' })
  description!: string | null;

  @Field(() => String, { nullable: true, description: 'The version, such as `24.04`.' })
  release!: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the version, such as `noble`.' })
  codeName!: string | null;
}

/** What a computer's `landscape-client` reports: looked up only where it is asked for. */
@Resolver(() => ComputerType)
export class ComputerAgentResolver {
  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'Time of the last exchange with its `landscape-client`; null without one.',
  })
  lastSeenAt(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ lastSeenAt }) => lastSeenAt);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'Time of the last ping of its `landscape-client`, up to a minute late; null without one.',
  })
  lastPingAt(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ lastPingAt }) => lastPingAt);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether its client was seen in the last 30 minutes, which are two exchange intervals.',
  })
  isOnline(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ isOnline }) => isOnline);
  }

  @FieldResolver(() => String, { nullable: true, description: 'Version of its client; null if unknown.' })
  agentVersion(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ agentVersion }) => agentVersion);
  }

  @FieldResolver(() => DistributionType, { nullable: true, description: 'Distribution; null if unknown.' })
  distribution(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ distribution }) => distribution);
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Memory in MiB; null if unknown.' })
  totalMemory(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ totalMemory }) => totalMemory);
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Swap in MiB; null if unknown.' })
  totalSwap(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ totalSwap }) => totalSwap);
  }

  @FieldResolver(() => ComputerType, {
    nullable: true,
    description:
      'While pending: the accepted computer of the same machine, which has registered again. `acceptComputers` can replace it. Null if there is none, or if the caller does not see it.',
  })
  possibleDuplicateOf(
    @Root() computer: Computer,
    @Ctx() { services, caller, siblings }: GraphContext,
  ): MaybePromise<Computer | null> {
    return siblings.complete(computer, 'possibleDuplicateOf', async (computers: readonly Computer[]) => {
      const states = await services.agentStates.of(
        caller,
        computers.map(({ id }) => id),
      );
      const ids = states.map(({ possibleDuplicateOfId }) => possibleDuplicateOfId);
      const wanted = [...new Set(ids.filter((id) => id !== null))];
      const found = wanted.length > 0 ? await services.computers.byIds(caller, wanted) : [];
      return ids.map((id) => (id === null ? null : (found[wanted.indexOf(id)] ?? null)));
    });
  }
}

function ofState<Value>(
  computer: Computer,
  { services, caller, siblings }: GraphContext,
  pick: (state: AgentState) => Value,
): MaybePromise<Value> {
  const state = siblings.complete(computer, 'agent', (computers: readonly Computer[]) =>
    services.agentStates.of(
      caller,
      computers.map(({ id }) => id),
    ),
  );
  return state instanceof Promise ? state.then(pick) : pick(state);
}
