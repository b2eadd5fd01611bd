import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import type { PersonFilter } from '../../services/accounts/access-ports.ts';
import { ConnectionArgs, defaultOrder } from '../common/connection.ts';
import { EXPECTED_VERSION } from '../common/expected-version.ts';
import { databaseIdOf } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import { atMost, checkFilter } from '../common/lists.ts';
import { orderInput } from '../common/order.ts';

const PersonOrder = orderInput('Person', {
  EMAIL: 'E-mail address.',
  NAME: 'Name.',
  CREATED_AT: 'Time of creation.',
});

@InputType('PersonFilter', { description: 'Filter of a list of people. A person must match all fields.' })
export class PersonFilterInput {
  @Field(() => String, {
    nullable: true,
    description: 'Part of the name or e-mail address. Case is ignored. Maximum 255 characters.',
  })
  search?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Global ids or numbers of roles, of which a person must have one. Maximum 1,000.',
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
    description: 'Sort order. Defaults to ascending e-mail addresses.',
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
      'Names of the person’s roles. FORBIDDEN if a role grants more than the caller holds. Maximum 1,000.',
  })
  roles?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Global ids or numbers of roles, in addition to `roles`. Maximum 1,000.',
  })
  roleIds?: string[] | null;
}

const NAME = '1 to 255 characters.';
const EMAIL = 'Unique in the account regardless of case (TITLE_TAKEN).';

@InputType('CreatePersonInput', { description: 'Person to create.' })
export class CreatePersonInput extends PersonFields {
  @Field(() => String, { description: `Name of the person: ${NAME}` })
  name!: string;

  @Field(() => String, { description: `E-mail address of the person. ${EMAIL}` })
  email!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;
}

@InputType('UpdatePersonInput', {
  description:
    'Changes to a person. Fields that are omitted or null keep their value, and a list replaces the stored list.',
})
export class UpdatePersonInput extends PersonFields {
  @Field(() => ID, {
    nullable: true,
    description: 'Global id or number of the person. Defaults to the caller.',
  })
  id?: string | null;

  @Field(() => String, { nullable: true, description: `Name of the person: ${NAME}` })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `E-mail address of the person. ${EMAIL} Another address revokes the person’s tokens and an unused link.`,
  })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the person’s time zone in the IANA database, such as `Europe/Berlin`.',
  })
  timeZone?: string | null;

  @Field(() => Int, { nullable: true, description: EXPECTED_VERSION })
  expectedVersion?: number | null;
}

/**
 * Converts an input to the use case's form.
 * @throws Refusal INVALID_INPUT
 */
export function personEdit<Input extends PersonFields>({ roleIds, ...edit }: Input) {
  atMost('roles', edit.roles ?? [], MOST_ROLES);
  atMost('roleIds', roleIds ?? [], MOST_ROLES);
  return { ...edit, roleIds: roleIds?.map((id) => databaseIdOf('Role', id)) };
}

const MOST_ROLES = 1000;
