import { Field, ID, ObjectType } from 'type-graphql';
import {
  type AccountPermission,
  accountPermissions,
  type Caller,
  type GroupPermission,
  holds,
} from '../../domain/accounts/access.ts';
import type { AccessKey } from '../../domain/accounts/access-key.ts';
import { cacheId, cacheIdDescription } from '../common/global-id.ts';
import { DateTime } from '../common/scalars.ts';
import { AccessGroupType } from './access-group.type.ts';
import { PersonType } from './person.type.ts';
import { AccountPermissionEnum, GroupPermissionEnum } from './role.type.ts';

@ObjectType('ViewerAccount', { description: 'An account of the viewer.', simpleResolvers: true })
export class ViewerAccountType {
  @Field(() => String, { description: 'Name of the account, for `login` and `switchAccount`.' })
  name!: string;

  @Field(() => String, { description: 'Title of the account, for display.' })
  title!: string;

  @Field(() => Boolean, { description: 'Whether `login` uses this account by default.' })
  isDefault!: boolean;
}

@ObjectType('AccessKey', {
  description:
    'Credentials with which a program logs in as their owner. Only the session that creates a key can read its secret.',
  simpleResolvers: true,
})
export class AccessKeyType implements AccessKey {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  @Field(() => ID, { description: 'Public part of the credentials, which is not a secret.' })
  key!: string;

  @Field(() => String, { description: 'Purpose of the key, as its owner described it.' })
  title!: string;

  @Field(() => DateTime, { description: 'Time of creation.' })
  createdAt!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Time of the last log-in with this key. Null before the first log-in.',
  })
  lastUsedAt!: string | null;
}

@ObjectType('Viewer', {
  description: 'The caller: the person whose token the request carries.',
  simpleResolvers: true,
})
export class ViewerType {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  /** Not a field of the schema. */
  caller!: Caller;

  @Field(() => PersonType, { description: 'Person to whom the token belongs.' })
  person!: object;

  @Field(() => String, { description: 'Name of the account to which the token gives access.' })
  accountName!: string;

  @Field(() => [String], { description: 'Names of the person’s roles in the account.' })
  roles!: readonly string[];

  @Field(() => [AccountPermissionEnum], {
    description: 'Permissions of the person in the account as a whole.',
  })
  accountPermissions!: readonly AccountPermission[];
}

export function viewerOf(caller: Caller): ViewerType {
  const { accountId, personId: id, name, email, accountName, roles } = caller;
  return {
    id: cacheId('Viewer', accountId, id),
    caller,
    person: { id, name, email },
    accountName,
    roles,
    accountPermissions: accountPermissions.filter((permission) => holds(caller, permission)),
  };
}

@ObjectType('HeldPermission', {
  description: 'A permission, with the access groups where the viewer holds it.',
  simpleResolvers: true,
})
export class HeldPermissionType {
  @Field(() => GroupPermissionEnum, { description: 'The permission.' })
  permission!: GroupPermission;

  @Field(() => [AccessGroupType], {
    description: 'Access groups where the viewer holds it, including descendants. Sorted by name.',
  })
  accessGroups!: readonly object[];
}

@ObjectType('Session', { description: 'A token, with its expiry and its owner.', simpleResolvers: true })
export class SessionType {
  @Field(() => String, { description: 'The token, for the header `Authorization: Bearer …`.' })
  token!: string;

  @Field(() => DateTime, { description: 'Time when the token expires, unless it is revoked earlier.' })
  expiresAt!: string;

  @Field(() => ViewerType, { description: 'Owner of the token.' })
  viewer!: ViewerType;
}
