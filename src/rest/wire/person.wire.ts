import { seconds } from './time.wire.ts';

export const administratorFields = 'databaseId name email roles { name }';

export interface AdministratorData {
  readonly databaseId: number;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly { readonly name: string }[] | null;
}

export const toAdministrator = ({ databaseId, name, email, roles }: AdministratorData) => ({
  email,
  id: databaseId,
  name,
  roles: (roles ?? []).map((role) => role.name),
});

export const invitedFields = 'databaseId name email createdAt';

export interface InvitedData {
  readonly databaseId: number;
  readonly name: string;
  readonly email: string;
  readonly createdAt: string;
}

/** The secret is in the link alone, which only its creation answers with. */
export const toInvitation =
  (account: string) =>
  ({ databaseId, name, email, createdAt }: InvitedData) => ({
    id: databaseId,
    secure_id: '',
    account,
    name,
    email,
    creation_time: seconds(createdAt),
  });

export const linkFields = 'passwordLink { url expiresAt }';

export interface LinkData {
  readonly url: string;
  readonly expiresAt: string;
}

/** A fresh invitation, with the link that its sender passes on, because no mail is sent. */
export const toSentInvitation = (person: InvitedData, link: LinkData) => ({
  id: person.databaseId,
  secure_id: '',
  name: person.name,
  email: person.email,
  creation_time: seconds(person.createdAt),
  url: link.url,
  expiration_time: seconds(link.expiresAt),
});
