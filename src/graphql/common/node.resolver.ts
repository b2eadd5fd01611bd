import { Arg, type ClassType, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { notFound } from '../../domain/errors.ts';
import type { GraphContext } from '../context.ts';
import { ReadsColumns } from '../execution/from-row.ts';
import { globalId, type NodeType as NodeName, parseGlobalId } from './global-id.ts';
import { atMost } from './lists.ts';
import { databaseIdDescription, idDescription, NodeType } from './node.type.ts';
import { SafeInt } from './scalars.ts';

/** Base class for the resolver of a node type, with its two ids. */
export function nodeResolver(type: ClassType<NodeType>, name: NodeName) {
  const globalIdOf = ({ id }: { id: number }) => globalId(name, id);

  @Resolver(() => type)
  abstract class NodeFields {
    @ReadsColumns<{ id: number }>(['id'], globalIdOf)
    @FieldResolver(() => ID, { description: idDescription })
    id(@Root() row: { id: number }): string {
      return globalIdOf(row);
    }

    @ReadsColumns<{ id: number }>(['id'], ({ id }) => id)
    @FieldResolver(() => SafeInt, { description: databaseIdDescription })
    databaseId(@Root() row: { id: number }): number {
      return row.id;
    }
  }
  return NodeFields;
}

/** Loads rows of one type. A row is undefined if it does not exist or the caller may not see it. */
type Lookup = (context: GraphContext, ids: readonly number[]) => Promise<readonly (object | undefined)[]>;

const lookups: Record<NodeName, Lookup> = {
  AccessGroup: async ({ services, caller }, ids) => {
    const groups = await services.accessGroups.all(caller);
    return ids.map((id) => groups.find((group) => group.id === id));
  },
  Activity: ({ services, caller }, ids) => services.activities.byIds(caller, ids),
  Computer: ({ services, caller }, ids) => services.computers.byIds(caller, ids),
  Event: ({ services, caller }, ids) => services.events.byIds(caller, ids),
  Person: ({ services, caller }, ids) => services.people.byIds(caller, ids),
  Role: ({ services, caller }, ids) => services.roles.byIds(caller, ids),
  Script: ({ services, caller }, ids) => services.scripts.byIds(caller, ids),
  ScriptProfile: ({ services, caller }, ids) => services.scriptProfiles.byIds(caller, ids),
};

const MAX_NODES = 1000;

@Resolver()
export class NodesResolver {
  @Query(() => NodeType, {
    nullable: true,
    description:
      'The object with this global id. NOT_FOUND if it does not exist or the caller may not see it.',
  })
  async node(
    @Arg('id', () => ID, { description: 'Global id of the object.' }) id: string,
    @Ctx() context: GraphContext,
  ): Promise<object> {
    const [node] = await findNodes(context, [id]);
    if (!node) throw notFound('node', id);
    return node;
  }

  @Query(() => [NodeType], {
    nullable: 'itemsAndList',
    description: `Objects with these global ids, in the same order. An item is null if the object does not exist or the caller may not see it.`,
  })
  nodes(
    @Arg('ids', () => [ID], { description: 'Global ids of the objects. Maximum 1,000.' }) ids: string[],
    @Ctx() context: GraphContext,
  ): Promise<(object | null)[]> {
    atMost('ids', ids, MAX_NODES);
    return findNodes(context, ids);
  }
}

/** Runs one statement for each type among the ids. */
async function findNodes(context: GraphContext, ids: readonly string[]): Promise<(object | null)[]> {
  const parsed = ids.map(parseGlobalId);
  const found = new Map<string, object>();
  for (const type of new Set(parsed.flatMap((id) => id?.type ?? []))) {
    const wanted = parsed.flatMap((id) => (id?.type === type ? [id.databaseId] : []));
    const rows = await lookups[type](context, wanted);
    const nodes = rows.map((row) => row && { ...row, __typename: type });
    context.pageLoader.register(nodes.filter((node) => node !== undefined));
    wanted.forEach((databaseId, index) => {
      const node = nodes[index];
      if (node) found.set(globalId(type, databaseId), node);
    });
  }
  return parsed.map((id) => (id && found.get(globalId(id.type, id.databaseId))) ?? null);
}
