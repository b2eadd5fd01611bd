import { Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { groupPermissions, holds } from '../../domain/accounts/access.ts';
import type { AccessKey } from '../../domain/accounts/access-key.ts';
import type { AccountOfPerson } from '../../services/accounts/log-ins.ts';
import { cacheId } from '../common/global-id.ts';
import type { GraphContext } from '../context.ts';
import type { MaybePromise } from '../execution/maybe-promise.ts';
import { AccessKeyType, HeldPermissionType, ViewerAccountType, ViewerType, viewerOf } from './viewer.type.ts';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType, {
    nullable: true,
    description: 'The caller: the person whose token the request carries.',
  })
  viewer(@Ctx() context: GraphContext): ViewerType | null {
    // Only the legacy API allows an anonymous request to read the viewer.
    return context.principal.kind === 'anonymous' ? null : viewerOf(context.caller);
  }

  @FieldResolver(() => [HeldPermissionType], {
    description: 'Permissions in access groups that the caller’s roles grant together.',
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

  @FieldResolver(() => [ViewerAccountType], { description: 'Accounts of the caller, oldest first.' })
  async accounts(
    @Root() viewer: ViewerType,
    @Ctx() context: GraphContext,
  ): Promise<readonly AccountOfPerson[]> {
    return (await accountsOf(viewer, context)).accounts;
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the caller has a password for `login`.',
  })
  async hasPassword(@Root() viewer: ViewerType, @Ctx() context: GraphContext): Promise<boolean> {
    return (await accountsOf(viewer, context)).hasPassword;
  }

  @FieldResolver(() => [AccessKeyType], {
    description: 'Access keys of the caller in this account, oldest first.',
  })
  async accessKeys(
    @Root() { caller }: ViewerType,
    @Ctx() { services, pageLoader }: GraphContext,
  ): Promise<readonly AccessKey[]> {
    return pageLoader.register(await services.accessKeys.mine(caller));
  }
}

@Resolver(() => AccessKeyType)
export class AccessKeyResolver {
  @FieldResolver(() => ID)
  id(@Root() { key }: AccessKey): string {
    return cacheId('AccessKey', key);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Secret of the key. Null in other sessions than the one that created the key, and a day after creation.',
  })
  secretKey(
    @Root() accessKey: AccessKey,
    @Ctx() { services, caller, shownToken, pageLoader }: GraphContext,
  ): MaybePromise<string | null> {
    return pageLoader.load(accessKey, 'secretKey', (keys: readonly AccessKey[]) =>
      services.accessKeys.secretsOf(
        caller,
        keys.map(({ key }) => key),
        shownToken,
      ),
    );
  }
}

/** Loads the accounts, and the name of the current one, with one statement. */
const accountsOf = (viewer: ViewerType, { services, pageLoader }: GraphContext) =>
  pageLoader.load(viewer, 'accounts', async ([one]) => [await services.logIns.accountsOf(one!.caller)]);
