import { accountPermissions, groupPermissions } from '../../domain/accounts/access.ts';
import { MAX_PASSWORD_LENGTH } from '../../domain/accounts/log-in.ts';
import { MIN_PASSWORD_LENGTH } from '../../domain/accounts/password.ts';
import {
  body,
  constant,
  flag,
  integer,
  list,
  nullable,
  page,
  ref,
  type Schema,
  seconds,
  text,
  whole,
} from './openapi-schemas.ts';

const nothing = { type: 'null' };
const emptyList = { type: 'array', items: {}, maxItems: 0 };
const emptyText = constant('');
const personName = { type: 'string', minLength: 1, maxLength: 255 };
const password = { type: 'string', minLength: MIN_PASSWORD_LENGTH, maxLength: MAX_PASSWORD_LENGTH };

const invited = { id: integer, secure_id: emptyText, name: text, email: text, creation_time: seconds };
const person = {
  allowable_emails: nothing,
  name: text,
  email: text,
  identity: text,
  timezone: { type: 'string', description: 'Name of a time zone in the IANA database.' },
  last_login_time: nothing,
  last_login_host: nothing,
  preferred_account: nothing,
};

/** Schemas for roles, people, events and the first account. */
export const peopleSchemas: Readonly<Record<string, Schema>> = {
  Role: whole({
    key: integer,
    name: text,
    description: text,
    permissions: list({ type: 'string', enum: groupPermissions }),
    global_permissions: list({ type: 'string', enum: accountPermissions }),
    persons: { ...list(text), description: 'E-mail addresses of people.' },
    access_groups: { ...list(text), description: 'Names of access groups.' },
  }),
  Roles: list(ref('Role')),
  Permissions: list(
    whole({
      name: { type: 'string', enum: [...groupPermissions, ...accountPermissions] },
      title: text,
      global: { type: 'boolean', description: 'Whether the permission applies to the whole account.' },
    }),
  ),
  Administrator: whole({ email: text, id: integer, name: text, roles: list(text) }),
  Administrators: list(ref('Administrator')),
  AdministratorUpdate: body({
    roles: nullable({
      ...list(text),
      maxItems: 1000,
      description: 'Names of roles. They replace the current roles.',
    }),
  }),
  Invitation: whole({ ...invited, account: text }),
  InvitationPage: page('Invitation'),
  SentInvitation: whole({
    ...invited,
    url: {
      type: 'string',
      description:
        'Page on which the person sets a password, once. Send it to the person, because the server sends no mail.',
    },
    expiration_time: seconds,
  }),
  Person: whole({
    ...person,
    accounts: list(whole({ name: text, title: text, roles: list(text) })),
    oidc_identities: emptyList,
  }),
  EditedPerson: whole(person),
  PersonUpdate: body({
    name: nullable(personName),
    email: nullable({ type: 'string', maxLength: 255 }),
    timezone: nullable(text),
    preferred_account: nullable(emptyText),
  }),
  PasswordChange: body({ password: text, new_password: password }, ['password', 'new_password']),
  Credentials: whole({
    access_key: { type: 'string', description: 'Empty if no key exists.' },
    account_name: text,
    account_title: text,
    endpoint: text,
    exports: { type: 'string', description: 'Shell commands that export the credentials.' },
    secret_key: {
      type: 'string',
      description: 'Empty in other sessions than the one that created the key, and a day after creation.',
    },
  }),
  CredentialsList: whole({ credentials: list(ref('Credentials')) }),
  CredentialsDraft: body({
    account: nullable({ type: 'string', description: 'Name of the caller’s account, as a confirmation.' }),
  }),
  Event: whole({
    id: integer,
    creation_time: seconds,
    person_id: nullable(integer),
    person_name: nullable(text),
    entity_type: nullable(text),
    entity_id: nullable(integer),
    entity_name: nullable(text),
    message: text,
  }),
  EventPage: page('Event'),
  FirstAccount: body({ name: personName, email: { type: 'string', maxLength: 255 }, password }, [
    'name',
    'email',
    'password',
  ]),
  CreatedAccount: whole({
    account: text,
    creation_time: seconds,
    administrators: list(whole({ name: text, email: text, openid: nothing })),
    company: text,
    computers: integer,
    disabled: flag,
    disabled_reason: nothing,
    enabled_features: emptyList,
    last_login_time: nothing,
    licenses: emptyList,
    salesforce_account_key: nothing,
    subdomain: nothing,
  }),
};
