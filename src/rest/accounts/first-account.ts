import { type Route, userErrors } from '../route.ts';
import { seconds } from '../wire/time.wire.ts';

export const firstAccountRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/standalone-account',
    operationId: 'createStandaloneAccount',
    summary: 'Create the account of an empty installation, and its administrator',
    access: 'everyone',
    operation: `mutation ($input: CreateFirstAccountInput!) {
      done: createFirstAccount(input: $input) {
        accountName accountTitle createdAt person { name email } ${userErrors}
      }
    }`,
    takesBody: true,
    declaresJson: true,
    variables: ({ body: { name, email, password } }) => ({ input: { name, email, password } }),
    answer: ({ done: { accountName, accountTitle, createdAt, person } }) => ({
      status: 201,
      body: {
        account: accountName,
        creation_time: seconds(createdAt),
        administrators: [{ name: person.name, email: person.email, openid: null }],
        company: accountTitle,
        computers: 0,
        disabled: false,
        disabled_reason: null,
        enabled_features: [],
        last_login_time: null,
        licenses: [],
        salesforce_account_key: null,
        subdomain: null,
      },
    }),
    openapi: {
      body: 'FirstAccount',
      success: { status: 201, schema: 'CreatedAccount' },
      refusals: ['INVALID_INPUT', 'FORBIDDEN'],
    },
  },
];
