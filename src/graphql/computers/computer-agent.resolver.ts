import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { AgentState, Distribution } from '../../domain/computers/agent.ts';
import type { Computer } from '../../domain/computers/computer.ts';
import { DateTime } from '../common/scalars.ts';
import type { GraphContext } from '../context.ts';
import type { MaybePromise } from '../execution/maybe-promise.ts';
import { ComputerType } from './computer.type.ts';

@ObjectType('Distribution', {
  description: 'Linux distribution of a computer, as its client reports it.',
  simpleResolvers: true,
})
class DistributionType implements Distribution {
  @Field(() => String, { nullable: true, description: 'Distributor, such as `Ubuntu`. Null if unknown.' })
  distributor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Full name, such as `Ubuntu 24.04.1 LTS`. Null if unknown.',
  })
  description!: string | null;

  @Field(() => String, { nullable: true, description: 'Version, such as `24.04`. Null if unknown.' })
  release!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code name of the version, such as `noble`. Null if unknown.',
  })
  codeName!: string | null;
}

/** Data that a computer's `landscape-client` reports. Loaded only if selected. */
@Resolver(() => ComputerType)
export class ComputerAgentResolver {
  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'Time of the last exchange with its `landscape-client`. Null if there was none.',
  })
  lastSeenAt(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ lastSeenAt }) => lastSeenAt);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description:
      'Time of the last ping of its `landscape-client`, stored up to a minute late. Null if there was none.',
  })
  lastPingAt(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ lastPingAt }) => lastPingAt);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether its client was seen in the last 30 minutes, which is two exchange intervals.',
  })
  isOnline(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ isOnline }) => isOnline);
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether `alert:computer-offline` finds it: its client was not seen in the last 30 minutes, or it has no client and has never taken an execution. False while pending.',
  })
  isOffline(@Root() computer: Computer, @Ctx() { services, caller, pageLoader }: GraphContext) {
    return pageLoader.load(computer, 'offline', (computers: readonly Computer[]) =>
      services.agentStates.areOffline(
        caller,
        computers.map(({ id }) => id),
      ),
    );
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Version of the computer’s client. Null if unknown.',
  })
  agentVersion(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ agentVersion }) => agentVersion);
  }

  @FieldResolver(() => DistributionType, {
    nullable: true,
    description: 'Linux distribution. Null if unknown.',
  })
  distribution(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ distribution }) => distribution);
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Total memory in MiB. Null if unknown.' })
  totalMemory(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ totalMemory }) => totalMemory);
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Total swap space in MiB. Null if unknown.' })
  totalSwap(@Root() computer: Computer, @Ctx() context: GraphContext) {
    return ofState(computer, context, ({ totalSwap }) => totalSwap);
  }

  @FieldResolver(() => ComputerType, {
    nullable: true,
    description:
      'Accepted computer that a pending computer may duplicate, because the same machine registered again. `acceptComputers` can replace it. Null if there is none, or if the caller may not see it.',
  })
  possibleDuplicateOf(
    @Root() computer: Computer,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): MaybePromise<Computer | null> {
    return pageLoader.load(computer, 'possibleDuplicateOf', async (computers: readonly Computer[]) => {
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
  { services, caller, pageLoader }: GraphContext,
  pick: (state: AgentState) => Value,
): MaybePromise<Value> {
  const state = pageLoader.load(computer, 'agent', (computers: readonly Computer[]) =>
    services.agentStates.of(
      caller,
      computers.map(({ id }) => id),
    ),
  );
  return state instanceof Promise ? state.then(pick) : pick(state);
}
