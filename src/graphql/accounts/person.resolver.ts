import { Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { groupPermissions, holds } from '../../domain/accounts/access.ts';
import type { AccessKey } from '../../domain/accounts/access-key.ts';
import type { AccountOfPerson } from '../../services/accounts/log-ins.ts';
import { cacheId } from '../common/global-id.ts';
import type { GraphContext } from '../context.ts';
import { AccessKeyType, HeldPermissionType, ViewerAccountType, ViewerType, viewerOf } from './viewer.type.ts';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType, { nullable: true, description: 'Who is asking.' })
  viewer(@Ctx() context: GraphContext): ViewerType | null {
    // Only the legacy API lets nobody ask.
    return context.principal.kind === 'anonymous' ? null : viewerOf(context.caller);
  }

  @FieldResolver(() => [HeldPermissionType], {
    description: 'What their roles add up to: each permission that they hold, and where.',
  })
  async permissions(
    @Root() { caller }: ViewerType,
    @Ctx() { services, pageLoader }: GraphContext,
  ): Promise<HeldPermissionType[]> {
    const tree = await services.accessGroups.all(caller);
    pageLoader.register(tree);
    return groupPermissions
      .filter((permission) => holds(caller, permission))
      .map((permission) => ({
        permission,
        accessGroups: tree.filter(({ id }) => holds(caller, permission, id)),
      }));
  }

  @FieldResolver(() => [ViewerAccountType], { description: 'The accounts they are in, the oldest first.' })
  async accounts(
    @Root() viewer: ViewerType,
    @Ctx() context: GraphContext,
  ): Promise<readonly AccountOfPerson[]> {
    return (await accountsOf(viewer, context)).accounts;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether they can log in with a password, and not with an access key or another’s token only.',
  })
  async hasPassword(@Root() viewer: ViewerType, @Ctx() context: GraphContext): Promise<boolean> {
    return (await accountsOf(viewer, context)).hasPassword;
  }

  @FieldResolver(() => [AccessKeyType], {
    description: 'Their access keys in this account, the oldest first.',
  })
  accessKeys(@Root() { caller }: ViewerType, @Ctx() { services }: GraphContext): Promise<AccessKey[]> {
    return services.accessKeys.mine(caller);
  }
}

@Resolver(() => AccessKeyType)
export class AccessKeyResolver {
  @FieldResolver(() => ID)
  id(@Root() { key }: AccessKey): string {
    return cacheId('AccessKey', key);
  }
}

/** Both come in one statement. */
const accountsOf = (viewer: ViewerType, { services, pageLoader }: GraphContext) =>
  pageLoader.load(viewer, 'accounts', async ([one]) => [await services.logIns.accountsOf(one!.caller)]);
