import { GLOBAL_ADMIN } from '../../domain/accounts/role.ts';
import { MAX_LIMIT } from '../paging.ts';
import { userErrors } from '../route.ts';
import {
  administratorFields,
  invitedFields,
  linkFields,
  toAdministrator,
  toSentInvitation,
} from '../wire/person.wire.ts';
import type { LegacyAction } from './action.ts';

/** Actions on the people of the account. */
export const administratorActions: readonly LegacyAction[] = [
  {
    name: 'GetAdministrators',
    summary: 'List the people of the account with their roles, by e-mail address',
    operation: `query ($first: Int!) { persons(first: $first) { nodes { ${administratorFields} } } }`,
    variables: () => ({ first: MAX_LIMIT }),
    answer: ({ persons }) => ({ status: 200, body: persons.nodes.map(toAdministrator) }),
    openapi: { schema: 'Administrators', refusals: [] },
  },
  {
    name: 'InviteAdministrator',
    summary: `Create a person and return a link for setting the password. The roles default to ${GLOBAL_ADMIN}`,
    operation: `mutation ($input: CreatePersonInput!) {
      done: createPerson(input: $input) { person { ${invitedFields} } ${linkFields} ${userErrors} }
    }`,
    variables: (parameters) => {
      const roles = parameters.list('roles');
      return {
        input: {
          name: parameters.required('name'),
          email: parameters.required('email'),
          roles: roles.length > 0 ? roles : [GLOBAL_ADMIN],
        },
      };
    },
    answer: ({ done }) => ({ status: 200, body: toSentInvitation(done.person, done.passwordLink) }),
    openapi: {
      parameters: ['name', 'email', 'roles.1'],
      schema: 'SentInvitation',
      refusals: ['INVALID_INPUT', 'TITLE_TAKEN'],
    },
  },
  {
    name: 'DisableAdministrator',
    summary: 'Remove a person from the account, and return null',
    operation: `mutation ($input: RemovePersonInput!) { done: removePerson(input: $input) { ${userErrors} } }`,
    variables: (parameters) => ({ input: { email: parameters.required('email') } }),
    answer: () => ({ status: 200, body: null }),
    names: { id: 'email' },
    openapi: { parameters: ['email'], schema: 'Null', refusals: ['INVALID_INPUT', 'NOT_FOUND'] },
  },
];
