import { userErrors } from '../route.ts';
import type { LegacyAction } from './action.ts';

const fields = 'name title parent { name }';
const withChildren = `${fields} children { name }`;

/** Actions on access groups, which are identified by name. */
export const accessGroupActions: readonly LegacyAction[] = [
  {
    name: 'GetAccessGroups',
    summary: 'List access groups',
    operation: `query { accessGroups { ${fields} } }`,
    variables: () => ({}),
    answer: ({ accessGroups }, parameters) => {
      const names = new Set(parameters.list('names'));
      const groups = toAccessGroups(accessGroups);
      return { status: 200, body: groups.filter(({ name }) => names.size === 0 || names.has(name)) };
    },
    openapi: { parameters: ['names.1'], schema: 'AccessGroups', refusals: [] },
  },
  {
    name: 'CreateAccessGroup',
    summary: 'Create an access group. The parent defaults to `global`',
    operation: `mutation ($input: CreateAccessGroupInput!) {
      done: createAccessGroup(input: $input) { accessGroup { ${withChildren} } ${userErrors} }
    }`,
    variables: (parameters) => ({
      input: { title: parameters.required('title'), parent: parameters.get('parent') },
    }),
    answer: ({ done }) => ({ status: 200, body: toAccessGroup(done.accessGroup) }),
    openapi: {
      parameters: ['title', 'parent'],
      schema: 'AccessGroup',
      refusals: ['INVALID_INPUT', 'TITLE_TAKEN'],
    },
  },
  {
    name: 'RemoveAccessGroup',
    summary: 'Delete an access group, move its contents to its parent, and return the parent',
    operation: `mutation ($input: DeleteAccessGroupInput!) {
      done: deleteAccessGroup(input: $input) { parent { ${withChildren} } ${userErrors} }
    }`,
    variables: (parameters) => ({ input: { name: parameters.required('name') } }),
    answer: ({ done }) => ({ status: 200, body: toAccessGroup(done.parent) }),
    names: { id: 'name' },
    openapi: { parameters: ['name'], schema: 'AccessGroup', refusals: ['INVALID_INPUT', 'NOT_FOUND'] },
  },
];

interface GroupData {
  readonly name: string;
  readonly title: string;
  readonly parent: { readonly name: string } | null;
}

interface GroupWithChildren extends GroupData {
  readonly children: readonly { readonly name: string }[];
}

const toAccessGroup = ({ name, title, parent, children }: GroupWithChildren) => ({
  name,
  title,
  parent: parent?.name ?? '',
  children: children.map((child) => child.name).join(','),
});

const toAccessGroups = (groups: readonly GroupData[]) =>
  groups.map((group) =>
    toAccessGroup({ ...group, children: groups.filter(({ parent }) => parent?.name === group.name) }),
  );
