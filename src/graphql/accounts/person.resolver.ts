import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Person, PersonDetails } from '../../domain/accounts/person.ts';
import type { Role } from '../../domain/accounts/role.ts';
import { Connection, listingOf } from '../common/connection.ts';
import { payload } from '../common/errors.ts';
import { existingId, globalId, INSTEAD_OF_ID, idOrName } from '../common/global-id.ts';
import { nodeResolver } from '../common/node.resolver.ts';
import { currentDescription, editPayload, Payload } from '../common/payload.ts';
import { DateTime } from '../common/scalars.ts';
import type { GraphContext } from '../context.ts';
import { ReadsColumns } from '../execution/from-row.ts';
import { type MaybePromise, thenMaybe } from '../execution/maybe-promise.ts';
import {
  CreatePersonInput,
  PersonsArgs,
  personEdit,
  personFilter,
  UpdatePersonInput,
} from './person.input.ts';
import { PasswordLinkType, PersonConnection, PersonType, type ShownLink, shownLink } from './person.type.ts';
import { RoleType } from './role.type.ts';

@ObjectType({ simpleResolvers: true })
abstract class PersonPayload extends Payload {
  @Field(() => PersonType, { nullable: true, description: 'The person after the mutation. Null if refused.' })
  person?: object;
}

@ObjectType('CreatePersonPayload', { description: 'Result of `createPerson`.', simpleResolvers: true })
class CreatePersonPayload extends PersonPayload {
  @Field(() => PasswordLinkType, {
    nullable: true,
    description:
      'Link for setting the first password. Null if refused, and for a retry after the link was used.',
  })
  passwordLink?: ShownLink | null;
}

@ObjectType('UpdatePersonPayload', { description: 'Result of `updatePerson`.', simpleResolvers: true })
class UpdatePersonPayload extends PersonPayload {
  @Field(() => PersonType, { nullable: true, description: currentDescription('person') })
  current?: object;
}

@InputType('RemovePersonInput', { description: 'Person to remove.' })
class RemovePersonInput {
  @Field(() => ID, { nullable: true, description: 'Global id or number of the person.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: `E-mail address of the person. ${INSTEAD_OF_ID}` })
  email?: string | null;
}

@ObjectType('RemovePersonPayload', { description: 'Result of `removePerson`.', simpleResolvers: true })
class RemovePersonPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Global id of the removed person. Null if refused.',
  })
  removedId?: string;
}

@InputType('ResetPasswordInput', { description: 'Person whose password to reset.' })
class ResetPasswordInput {
  @Field(() => ID, { description: 'Global id or number of the person.' })
  id!: string;
}

@ObjectType('ResetPasswordPayload', { description: 'Result of `resetPassword`.', simpleResolvers: true })
class ResetPasswordPayload extends PersonPayload {
  @Field(() => PasswordLinkType, {
    nullable: true,
    description: 'Link for setting another password. Replaces an earlier link. Null if refused.',
  })
  passwordLink?: ShownLink;
}

const NOT_SEEN =
  'Null if the caller lacks ViewRole and this is another person, or if the person was deleted.';

@Resolver(() => PersonType)
export class PersonResolver extends nodeResolver(PersonType, 'Person') {
  @Query(() => PersonConnection, {
    nullable: true,
    description: 'People of the account. Defaults to ascending e-mail addresses. Requires ViewRole.',
  })
  async persons(@Args(() => PersonsArgs) args: PersonsArgs, @Ctx() context: GraphContext) {
    const { services, caller, pageLoader } = context;
    const filter = personFilter(args.filter);
    const listing = listingOf('Person', args, context);
    const slice = await services.people.page(caller, { filter, ...listing });
    pageLoader.register(slice.rows);
    return new Connection('Person', slice, listing.order, () => services.people.count(caller, filter));
  }

  @ReadsColumns<Person>(['id'])
  @FieldResolver(() => Int, {
    nullable: true,
    description: `Version number for \`expectedVersion\`. Starts at 1 and increases with each change. ${NOT_SEEN}`,
  })
  version(@Root() person: Person, @Ctx() context: GraphContext): MaybePromise<number | null> {
    return detailOf(person, context, ({ version }) => version);
  }

  @ReadsColumns<Person>(['id'])
  @FieldResolver(() => DateTime, { nullable: true, description: `Time of creation. ${NOT_SEEN}` })
  createdAt(@Root() person: Person, @Ctx() context: GraphContext): MaybePromise<string | null> {
    return detailOf(person, context, ({ createdAt }) => createdAt);
  }

  @ReadsColumns<Person>(['id'])
  @FieldResolver(() => String, {
    nullable: true,
    description: `Time zone in which dashboards may show times to the person, such as \`Europe/Berlin\`. Defaults to \`UTC\`. ${NOT_SEEN}`,
  })
  timeZone(@Root() person: Person, @Ctx() context: GraphContext): MaybePromise<string | null> {
    return detailOf(person, context, ({ timeZone }) => timeZone);
  }

  @ReadsColumns<Person>(['id'])
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: `Whether the person can log in with a password. ${NOT_SEEN}`,
  })
  hasPassword(@Root() person: Person, @Ctx() context: GraphContext): MaybePromise<boolean | null> {
    return detailOf(person, context, ({ hasPassword }) => hasPassword);
  }

  @ReadsColumns<Person>(['id'])
  @FieldResolver(() => DateTime, {
    nullable: true,
    description: `Time when the unused link for setting a password expires. Null if there is none. ${NOT_SEEN}`,
  })
  passwordLinkExpiresAt(@Root() person: Person, @Ctx() context: GraphContext): MaybePromise<string | null> {
    return detailOf(person, context, ({ linkExpiresAt }) => linkExpiresAt);
  }

  @ReadsColumns<Person>(['id'])
  @FieldResolver(() => [RoleType], {
    nullable: true,
    description:
      'Roles of the person, sorted by name. Null if the caller lacks ViewRole, or if the person was deleted.',
  })
  roles(
    @Root() person: Person,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): MaybePromise<Role[] | null> {
    return pageLoader.load(person, 'roles', async (people: readonly Person[]) => {
      const ids = people.map(({ id }) => id);
      const roles = await services.people.rolesOf(caller, ids);
      pageLoader.register([...new Set(roles.flatMap((held) => held ?? []))]);
      return roles;
    });
  }

  @Mutation(() => CreatePersonPayload, {
    description:
      'Creates a person, and returns a link for setting the password. The server sends no e-mail. Requires ManageRole. Refused with INVALID_INPUT, TITLE_TAKEN or IDEMPOTENCY_KEY_REUSED.',
  })
  createPerson(
    @Arg('input', () => CreatePersonInput, { description: 'Person to create.' })
    { idempotencyKey, ...draft }: CreatePersonInput,
    @Ctx() context: GraphContext,
  ): Promise<CreatePersonPayload> {
    const { services, caller } = context;
    return payload(async () => {
      const { person, link } = await services.people.create(caller, personEdit(draft), idempotencyKey);
      return { person, passwordLink: link && shownLink(link, context) };
    });
  }

  @Mutation(() => UpdatePersonPayload, {
    description:
      'Edits a person. Requires ManageRole and every permission that their roles give, except for the caller’s own name and time zone. Refused with NOT_FOUND, INVALID_INPUT, TITLE_TAKEN or VERSION_CLASH. GlobalAdmin must keep at least one person, or the change is refused with INVALID_INPUT.',
  })
  updatePerson(
    @Arg('input', () => UpdatePersonInput, { description: 'Changes to make.' })
    { id, expectedVersion, ...edit }: UpdatePersonInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<UpdatePersonPayload> {
    return editPayload(async () => ({
      person: await services.people.update(
        caller,
        id == null ? caller.personId : existingId('Person', 'person', id),
        personEdit(edit),
        expectedVersion,
      ),
    }));
  }

  @Mutation(() => RemovePersonPayload, {
    description:
      'Removes a person from the account, with all tokens and access keys. Objects that the person created are kept. Requires ManageRole and every permission that the person’s roles grant. Refused with NOT_FOUND, or with INVALID_INPUT for the last person with GlobalAdmin.',
  })
  removePerson(
    @Arg('input', () => RemovePersonInput, { description: 'Person to remove.' })
    { id, email }: RemovePersonInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<RemovePersonPayload> {
    return payload(async () => {
      const ref = idOrName('Person', 'person', id, email, 'email');
      return { removedId: globalId('Person', await services.people.remove(caller, ref)) };
    });
  }

  @Mutation(() => ResetPasswordPayload, {
    description:
      'Creates another link for setting a person’s password. The old password works until the link is used. Requires ManageRole and every permission that the person’s roles grant. Refused with NOT_FOUND, or with INVALID_INPUT for the caller, who can use `changePassword`.',
  })
  resetPassword(
    @Arg('input', () => ResetPasswordInput, { description: 'Person whose password to reset.' }) {
      id,
    }: ResetPasswordInput,
    @Ctx() context: GraphContext,
  ): Promise<ResetPasswordPayload> {
    const { services, caller } = context;
    return payload(async () => {
      const { person, link } = await services.people.resetPassword(
        caller,
        existingId('Person', 'person', id),
      );
      return { person, passwordLink: shownLink(link, context) };
    });
  }
}

/** Details of a person. The list of people loads them with its rows. All other people of a page are loaded together. */
function detailsOf(
  person: Person | PersonDetails,
  { services, caller, pageLoader }: GraphContext,
): MaybePromise<PersonDetails | null> {
  if ('roleIds' in person) return person;
  return pageLoader.load(person, 'details', async (people: readonly Person[]) => {
    const ids = people.map(({ id }) => id);
    return (await services.people.detailsOf(caller, ids)).map((details) => details ?? null);
  });
}

const detailOf = <Value>(
  person: Person,
  context: GraphContext,
  of: (details: PersonDetails) => Value,
): MaybePromise<Value | null> => thenMaybe(detailsOf(person, context), (details) => details && of(details));
