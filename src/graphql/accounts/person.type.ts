import { Field, ID, ObjectType } from 'type-graphql';
import type { PasswordLink } from '../../domain/accounts/password.ts';
import { connectionType } from '../common/connection.ts';
import { NodeType } from '../common/node.type.ts';
import { DateTime } from '../common/scalars.ts';
import type { GraphContext } from '../context.ts';

@ObjectType('Person', {
  implements: NodeType,
  description:
    'A person who can log in. Every caller sees the creators of the objects that they may see. A lookup by id requires ViewRole, except for the caller’s own id.',
  simpleResolvers: true,
})
export class PersonType extends NodeType {
  @Field(() => String, { description: 'Name of the person.' })
  name!: string;

  @Field(() => String, { description: 'E-mail address of the person, used to log in.' })
  email!: string;
}

export const PersonConnection = connectionType(PersonType, 'Person', 'people');

/** A password link with its URL. It is shown only once. */
export interface ShownLink extends PasswordLink {
  readonly url: string;
}

export const shownLink = (link: PasswordLink, { passwordPage }: GraphContext): ShownLink => ({
  ...link,
  url: passwordPage(link.token),
});

@ObjectType('PasswordLink', {
  description: 'One-time link for setting a password. It is shown only once. Send it only to the person.',
  simpleResolvers: true,
})
export class PasswordLinkType implements ShownLink {
  @Field(() => String, {
    description: 'URL of the page where the person sets the password. Its host is that of `LANDSCAPE_URL`.',
  })
  url!: string;

  @Field(() => ID, { description: 'The token in the link, for `setPassword`.' })
  token!: string;

  @Field(() => DateTime, { description: 'Time when the link expires.' })
  expiresAt!: string;
}
