import { pageAnswer, pageVariables } from '../paging.ts';
import { idOf, type Route, userErrors } from '../route.ts';
import {
  administratorFields,
  invitedFields,
  linkFields,
  toAdministrator,
  toInvitation,
  toSentInvitation,
} from '../wire/person.wire.ts';

/**
 * The people of the account. An invitation is a person who has not yet used the link for their first password. The server
 * sends no mail.
 */
export const administratorRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: '/administrators/{id}',
    operationId: 'updateAdministrator',
    summary: 'Replace the roles of a person',
    operation: `mutation ($input: UpdatePersonInput!) {
      done: updatePerson(input: $input) { person { ${administratorFields} } ${userErrors} }
    }`,
    takesBody: true,
    variables: ({ path, body: { roles } }) => ({ input: { id: idOf('person', path), roles } }),
    answer: ({ done }) => ({ status: 200, body: toAdministrator(done.person) }),
    openapi: {
      body: 'AdministratorUpdate',
      success: { status: 200, schema: 'Administrator' },
      refusals: ['INVALID_INPUT', 'NOT_FOUND'],
    },
  },
  {
    method: 'GET',
    path: '/invitations',
    operationId: 'listInvitations',
    summary: 'List the invitations: people who have not set a password yet',
    operation: `query ($first: Int!, $offset: SafeInt!) {
      viewer { accountName accounts { name title } }
      persons(filter: { isInvited: true }, first: $first, offset: $offset) {
        totalCount nodes { ${invitedFields} }
      }
    }`,
    variables: pageVariables,
    answer: ({ viewer, persons }, request) =>
      pageAnswer(persons, request, toInvitation(titleOf(viewer)), 'count first'),
    openapi: {
      query: ['limit', 'offset'],
      success: { status: 200, schema: 'InvitationPage' },
      refusals: ['INVALID_INPUT'],
    },
  },
  {
    method: 'POST',
    path: '/invitations/{id}',
    operationId: 'renewInvitation',
    summary: 'Renew an invitation. The new link replaces the unused link',
    operation: `mutation ($input: RenewInvitationInput!) {
      done: renewInvitation(input: $input) { person { ${invitedFields} } ${linkFields} ${userErrors} }
    }`,
    variables: ({ path }) => ({ input: { id: idOf('invitation', path) } }),
    answer: ({ done }) => ({ status: 200, body: toSentInvitation(done.person, done.passwordLink) }),
    openapi: { success: { status: 200, schema: 'SentInvitation' }, refusals: ['NOT_FOUND'] },
  },
  {
    method: 'DELETE',
    path: '/invitations/{id}',
    operationId: 'revokeInvitation',
    summary: 'Revoke an invitation, which removes the person',
    operation: `mutation ($input: RevokeInvitationInput!) {
      done: revokeInvitation(input: $input) { ${userErrors} }
    }`,
    variables: ({ path }) => ({ input: { id: idOf('invitation', path) } }),
    answer: () => ({ status: 204 }),
    openapi: { success: { status: 204 }, refusals: ['INVALID_INPUT', 'NOT_FOUND'] },
  },
];

interface AccountsData {
  readonly accountName: string;
  readonly accounts: readonly { readonly name: string; readonly title: string }[];
}

/** The title of the caller's account. */
export const titleOf = ({ accountName, accounts }: AccountsData): string =>
  accounts.find(({ name }) => name === accountName)?.title ?? accountName;
