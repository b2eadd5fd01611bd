import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { payload } from '../common/errors.ts';
import { existingId, globalId } from '../common/global-id.ts';
import { Payload } from '../common/payload.ts';
import type { GraphContext } from '../context.ts';
import { PasswordLinkType, PersonType, type ShownLink, shownLink } from './person.type.ts';

const INVITED = 'Global id or number of a person who was invited and has not set a password yet.';

@InputType('RevokeInvitationInput', { description: 'Invitation to revoke.' })
class RevokeInvitationInput {
  @Field(() => ID, { description: INVITED })
  id!: string;
}

@ObjectType('RevokeInvitationPayload', {
  description: 'Result of `revokeInvitation`.',
  simpleResolvers: true,
})
class RevokeInvitationPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'Global id of the removed person. Null if refused.' })
  removedId?: string;
}

@InputType('RenewInvitationInput', { description: 'Invitation to renew.' })
class RenewInvitationInput {
  @Field(() => ID, { description: INVITED })
  id!: string;
}

@ObjectType('RenewInvitationPayload', { description: 'Result of `renewInvitation`.', simpleResolvers: true })
class RenewInvitationPayload extends Payload {
  @Field(() => PersonType, { nullable: true, description: 'The invited person. Null if refused.' })
  person?: object;

  @Field(() => PasswordLinkType, {
    nullable: true,
    description: 'Link for setting the first password. It replaces an unused link. Null if refused.',
  })
  passwordLink?: ShownLink;
}

const MANAGES =
  'Requires ManageRole and every permission that the person’s roles grant. Refused with NOT_FOUND.';

/** Mutations of invitations. An invitation is a person who has not yet used the link for their first password. */
@Resolver()
export class InvitationResolver {
  @Mutation(() => RevokeInvitationPayload, {
    description: `Removes a person who was invited and has not set a password yet. ${MANAGES}`,
  })
  revokeInvitation(
    @Arg('input', () => RevokeInvitationInput, { description: 'Invitation to revoke.' })
    { id }: RevokeInvitationInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<RevokeInvitationPayload> {
    return payload(async () => {
      const removed = await services.people.revokeInvitation(caller, existingId('Person', 'invitation', id));
      return { removedId: globalId('Person', removed) };
    });
  }

  @Mutation(() => RenewInvitationPayload, {
    description: `Creates a new link for a person who was invited and has not set a password yet. ${MANAGES}`,
  })
  renewInvitation(
    @Arg('input', () => RenewInvitationInput, { description: 'Invitation to renew.' })
    { id }: RenewInvitationInput,
    @Ctx() context: GraphContext,
  ): Promise<RenewInvitationPayload> {
    const { services, caller } = context;
    return payload(async () => {
      const invited = existingId('Person', 'invitation', id);
      const { person, link } = await services.people.renewInvitation(caller, invited);
      return { person, passwordLink: shownLink(link, context) };
    });
  }
}
