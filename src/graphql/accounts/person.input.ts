import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import type { PersonFilter } from '../../services/accounts/access-ports.ts';
import { ConnectionArgs, defaultOrder } from '../common/connection.ts';
import { EXPECTED_VERSION } from '../common/expected-version.ts';
import { databaseIdOf } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import { atMost, checkFilter } from '../common/lists.ts';
import { orderInput } from '../common/order.ts';

const PersonOrder = orderInput('Person', {
  EMAIL: 'Their e-mail address.',
  NAME: 'Their name.',
  CREATED_AT: 'Time of creation.',
});

@InputType('PersonFilter', { description: 'Filter of people. A person must match all of its fields.' })
export class PersonFilterInput {
  @Field(() => String, {
    nullable: true,
    description: 'A part of the name or e-mail address, in upper or lower case. Maximum 255 characters.',
  })
  search?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Any of these roles, by global id or number. Maximum 1,000.',
  })
  roleIds?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True for people who were invited with `createPerson` and have not set a password yet, false for all others.',
  })
  isInvited?: boolean | null;
}

@ArgsType()
export class PersonsArgs extends ConnectionArgs {
  @Field(() => PersonFilterInput, {
    nullable: true,
    description: 'Filter of the list. Defaults to all people.',
  })
  filter?: PersonFilterInput | null;

  @Field(() => PersonOrder, {
    nullable: true,
    defaultValue: defaultOrder.Person,
    description: 'Order of the list. Defaults to ascending e-mail addresses.',
  })
  orderBy?: InstanceType<typeof PersonOrder> | null;
}

/** @throws Refusal INVALID_INPUT */
export function personFilter(input: PersonFilterInput | null | undefined): PersonFilter {
  const { roleIds, ...others } = checkFilter(input ?? {});
  return { ...others, roleIds: roleIds?.map((id) => databaseIdOf('Role', id)) };
}

@InputType()
export abstract class PersonFields {
  @Field(() => [String], {
    nullable: true,
    description:
      'Their roles, by name. A role that gives more than the caller holds is FORBIDDEN. Maximum 1,000.',
  })
  roles?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Roles by global id or number, beside those in `roles`. Maximum 1,000.',
  })
  roleIds?: string[] | null;
}

const NAME = '1 to 255 characters.';
const EMAIL = 'Unique in the account regardless of case (TITLE_TAKEN).';

@InputType('CreatePersonInput', { description: 'A new person.' })
export class CreatePersonInput extends PersonFields {
  @Field(() => String, { description: `Their name: ${NAME}` })
  name!: string;

  @Field(() => String, { description: `Their e-mail address. ${EMAIL}` })
  email!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@InputType('UpdatePersonInput', {
  description:
    'Changes of a person. A field that is null or omitted stays the same. A list replaces the earlier one.',
})
export class UpdatePersonInput extends PersonFields {
  @Field(() => ID, {
    nullable: true,
    description: 'The person, by their global id or their number. Defaults to the caller.',
  })
  id?: string | null;

  @Field(() => String, { nullable: true, description: `Their name: ${NAME}` })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Their e-mail address. ${EMAIL} Another address logs them out, and takes a link that waits back.`,
  })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of their time zone in the IANA database, such as `Europe/Berlin`.',
  })
  timeZone?: string | null;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

/** An input as the use case takes it. @throws Refusal INVALID_INPUT */
export function personEdit<Input extends PersonFields>({ roleIds, ...edit }: Input) {
  atMost('roles', edit.roles ?? [], MOST_ROLES);
  atMost('roleIds', roleIds ?? [], MOST_ROLES);
  return { ...edit, roleIds: roleIds?.map((id) => databaseIdOf('Role', id)) };
}

const MOST_ROLES = 1000;
