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

@ObjectType('ViewerAccount', { description: 'An account that the viewer is in.', simpleResolvers: true })
export class ViewerAccountType {
  @Field(() => String, { description: 'Its name, for `login` and `switchAccount`.' })
  name!: string;

  @Field(() => String, { description: 'What people call it.' })
  title!: string;

  @Field(() => Boolean, { description: 'Whether it is the one that `login` takes unless told.' })
  isDefault!: boolean;
}

@ObjectType('AccessKey', {
  description: 'With which a program logs in as its owner. Its secret is shown once, when it is made.',
  simpleResolvers: true,
})
export class AccessKeyType implements AccessKey {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  @Field(() => ID, { description: 'Its name, which is no secret.' })
  key!: string;

  @Field(() => String, { description: 'What it is for, in its owner’s words.' })
  title!: string;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it last logged in; null before the first time.',
  })
  lastUsedAt!: string | null;
}

@ObjectType('Viewer', { description: 'Who is asking.', simpleResolvers: true })
export class ViewerType {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  /** Not shown as it is. */
  caller!: Caller;

  @Field(() => PersonType, { description: 'The person behind the token.' })
  person!: object;

  @Field(() => String, { description: 'The name of the account that the token is for.' })
  accountName!: string;

  @Field(() => [String], { description: 'The names of their roles.' })
  roles!: readonly string[];

  @Field(() => [AccountPermissionEnum], { description: 'What they may do in the account as a whole.' })
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

@ObjectType('HeldPermission', { description: 'What somebody may do, and where.', simpleResolvers: true })
export class HeldPermissionType {
  @Field(() => GroupPermissionEnum, { description: 'What.' })
  permission!: GroupPermission;

  @Field(() => [AccessGroupType], {
    description: 'In which access groups, those below the ones of their roles included; by name.',
  })
  accessGroups!: readonly object[];
}

@ObjectType('Session', { description: 'What a log-in gives.', simpleResolvers: true })
export class SessionType {
  @Field(() => String, { description: 'For the header `Authorization: Bearer …`.' })
  token!: string;

  @Field(() => DateTime, { description: 'Until when the token is good, unless it is taken back.' })
  expiresAt!: string;

  @Field(() => ViewerType, { description: 'Whom the token speaks of.' })
  viewer!: ViewerType;
}
