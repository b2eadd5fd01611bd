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

/** Only the link contains the secret, and only its creation returns the link. */
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

/** A new invitation with its link. The sender passes the link on, because the server sends no mail. */
export const toSentInvitation = (person: InvitedData, link: LinkData) => ({
  id: person.databaseId,
  secure_id: '',
  name: person.name,
  email: person.email,
  creation_time: seconds(person.createdAt),
  url: link.url,
  expiration_time: seconds(link.expiresAt),
});
