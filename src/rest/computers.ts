import { notFound } from '../domain/errors.ts';
import { pageAnswer, pageOfList, pageVariables } from './paging.ts';
import type { Query } from './request.ts';
import { idOf, type Route, userErrors } from './route.ts';
import { staticRoute } from './server-info.ts';
import { instanceFields, toInstance, withFlags } from './wire/instance.wire.ts';

/** Whether the filter matches no computer. Computers here are never archived, and have no WSL parents or children. */
const matchesNothing = (query: Query) =>
  ['archived_only', 'wsl_parents', 'wsl_children'].map((name) => query.flag(name)).includes(true);

/** Routes for computers and their tags. */
export const fleetRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/computers',
    operationId: 'listComputers',
    summary: 'List accepted computers',
    operation: `query ($filter: ComputerFilter!, $first: Int!, $offset: SafeInt!, $withProfiles: Boolean!, $withAlerts: Boolean!) {
      page: computers(filter: $filter, first: $first, offset: $offset) { totalCount nodes { ${instanceFields} } }
    }`,
    variables: ({ query }) => ({
      ...pageVariables({ query }),
      withProfiles: query.flag('with_profiles'),
      withAlerts: query.flag('with_alerts'),
      filter: {
        status: 'ACCEPTED',
        query: query.get('query'),
        ...(matchesNothing(query) && { tags: [] }),
      },
    }),
    answer: ({ page }, request) => pageAnswer(page, request, toInstance(request.query), 'count first'),
    openapi: {
      query: [
        'query',
        'limit',
        'offset',
        'root_only',
        'archived_only',
        'wsl_parents',
        'wsl_children',
        ...withFlags,
      ],
      success: { status: 200, schema: 'InstancePage' },
      refusals: ['INVALID_INPUT'],
    },
  },
  // Must precede the route of one computer, which would match this path as an id.
  staticRoute(
    '/computers/availability-zones',
    'List the availability zones of the computers. The list is always empty',
    'AvailabilityZones',
    { values: [] },
  ),
  {
    method: 'GET',
    path: '/computers/{id}',
    operationId: 'getComputer',
    summary: 'Get an accepted computer',
    operation: `query ($id: ID!, $withProfiles: Boolean!, $withAlerts: Boolean!) {
      computer(id: $id) { status ${instanceFields} }
    }`,
    variables: ({ path, query }) => ({
      id: idOf('computer', path),
      withProfiles: query.flag('with_profiles'),
      withAlerts: query.flag('with_alerts'),
    }),
    answer: ({ computer }, { path, query }) => {
      if (computer.status !== 'ACCEPTED') throw notFound('computer', path.id);
      return { status: 200, body: toInstance(query)(computer) };
    },
    openapi: {
      query: withFlags,
      success: { status: 200, schema: 'Instance' },
      refusals: ['INVALID_INPUT', 'NOT_FOUND'],
    },
  },
  {
    method: 'PUT',
    path: '/computers/{id}',
    operationId: 'updateComputer',
    summary: 'Edit the title, comment, access group or tags of a computer',
    operation: `mutation ($input: UpdateComputerInput!, $withProfiles: Boolean = false, $withAlerts: Boolean = false) {
      done: updateComputer(input: $input) { computer { ${instanceFields} } ${userErrors} }
    }`,
    takesBody: true,
    variables: ({ path, body: { title, comment, tags, access_group: accessGroup } }) => ({
      input: { id: idOf('computer', path), title, comment, tags, accessGroup },
    }),
    answer: ({ done }, { query }) => ({ status: 200, body: toInstance(query)(done.computer) }),
    openapi: {
      body: 'InstanceUpdate',
      success: { status: 200, schema: 'Instance' },
      refusals: ['INVALID_INPUT', 'NOT_FOUND'],
    },
  },
  {
    method: 'GET',
    path: '/computers/{id}/recovery-key',
    operationId: 'getRecoveryKey',
    summary: 'Get the disk recovery key of a computer, which is always null',
    operation: 'query ($id: ID!) { computer(id: $id) { status } }',
    variables: ({ path }) => ({ id: idOf('computer', path) }),
    answer: ({ computer }, { path }) => {
      if (computer.status !== 'ACCEPTED') throw notFound('computer', path.id);
      return { status: 200, body: { fde_recovery_key: null, activity: null } };
    },
    openapi: { success: { status: 200, schema: 'RecoveryKey' }, refusals: ['NOT_FOUND'] },
  },
  {
    method: 'GET',
    path: '/tags',
    operationId: 'listTags',
    summary: 'List the tags of the computers, sorted',
    operation: 'query { tags }',
    variables: () => ({}),
    answer: ({ tags }, request) => pageOfList(tags, request, (tag) => tag),
    openapi: {
      query: ['limit', 'offset'],
      success: { status: 200, schema: 'TagPage' },
      refusals: ['INVALID_INPUT'],
    },
  },
  {
    method: 'GET',
    path: '/tags/profile-diff',
    operationId: 'previewTags',
    summary: 'List the script profiles that would reach more computers if these computers had these tags',
    operation: `query ($input: TagChangePreviewInput!) {
      preview: tagChangePreview(input: $input) {
        ${userErrors.replace('userErrors', 'userErrors: problems')}
        effects {
          gained { databaseId }
          computersRoom { used max }
          scriptProfile { title tags numAssociatedComputers }
        }
      }
    }`,
    variables: ({ query }) => ({
      input: {
        computerIds: query.list('instance_ids').map((id) => idOf('computer', { id })),
        add: query.list('tags'),
      },
    }),
    answer: ({ preview }, request) =>
      pageOfList(byTag(request.query.list('tags'), preview.effects), request, toProfileChange),
    names: { computerIds: 'instance_ids', add: 'tags' },
    openapi: {
      query: ['tags', 'instance_ids', 'limit', 'offset'],
      success: { status: 200, schema: 'ProfileChangePage' },
      refusals: ['INVALID_INPUT', 'NOT_FOUND'],
    },
  },
];

interface TagEffect {
  readonly gained: readonly object[];
  readonly computersRoom: { readonly used: number; readonly max: number };
  readonly scriptProfile: {
    readonly title: string;
    readonly tags: readonly string[];
    readonly numAssociatedComputers: number;
  };
}

/** Lists each profile under each of its tags, because a computer needs only one of them to be gained. */
const byTag = (tags: readonly string[], effects: readonly TagEffect[]) =>
  [...new Set(tags)].flatMap((tag) =>
    effects
      .filter(({ gained, scriptProfile }) => gained.length > 0 && scriptProfile.tags.includes(tag))
      .map((effect) => ({ tag, ...effect })),
  );

function toProfileChange({ tag, computersRoom, scriptProfile }: TagEffect & { readonly tag: string }) {
  // A run covers as many computers as the limit allows, and leaves out the others.
  const willExceedLimit = computersRoom.used > computersRoom.max;
  return {
    tag,
    profile: {
      name: scriptProfile.title,
      current_associated_instances: scriptProfile.numAssociatedComputers,
      profile_type: 'ScriptProfile',
      will_exceed_limit: willExceedLimit,
      will_exclude_instances: willExceedLimit,
    },
  };
}
