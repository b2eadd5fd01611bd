import { notFound } from '../domain/errors.ts';
import { idOf, type Route } from './route.ts';
import { staticRoute } from './server-info.ts';

const emptyPage = { results: [], count: 0, next: null, previous: null };

/** Lists of other product areas. They are always empty, in the form that dashboards expect. */
export const otherAreaRoutes: readonly Route[] = [
  staticRoute('/alerts', 'List alerts. The list is always empty', 'EmptyList', []),
  staticRoute('/packageprofiles', 'List package profiles. The list is always empty', 'NoPackageProfiles', {
    result: [],
  }),
  staticRoute('/rebootprofiles', 'List reboot profiles. The list is always empty', 'EmptyPage', emptyPage),
  staticRoute(
    '/repositoryprofiles',
    'List repository profiles. The list is always empty',
    'EmptyPage',
    emptyPage,
  ),
  staticRoute('/usns', 'List security notices. The list is always empty', 'EmptyPage', emptyPage),
  computerRoute('packages', 'listPackages', 'List the packages of a computer. The list is always empty', {
    schema: 'EmptyPage',
    body: emptyPage,
  }),
  computerRoute('snaps/installed', 'listSnaps', 'List the snaps of a computer. The list is always empty', {
    schema: 'EmptyPage',
    body: emptyPage,
  }),
  computerRoute('processes', 'listProcesses', 'List the processes of a computer. The list is always empty', {
    schema: 'EmptyPage',
    body: emptyPage,
  }),
  staticRoute('/users', 'List the users of computers. The list is always empty', 'EmptyPage', emptyPage),
  computerRoute(
    'livepatch/info',
    'getLivepatchInfo',
    'Get the live patches of a computer. They are always null',
    {
      schema: 'LivepatchInfo',
      body: {
        livepatch_info: null,
        ubuntu_pro_livepatch_service_info: null,
        ubuntu_pro_reboot_required_info: null,
      },
    },
  ),
  computerRoute('livepatch/kernel', 'getKernel', 'Get the kernels of a computer. They are always empty', {
    schema: 'Kernel',
    body: { downgrades: [], installed: null, message: '', smart_status: '', upgrades: [] },
  }),
];

/** Returns a route below `/computers/{id}` with the same answer for every computer that the caller may see. */
function computerRoute(
  below: string,
  operationId: string,
  summary: string,
  { schema, body }: { readonly schema: string; readonly body: object },
): Route {
  return {
    method: 'GET',
    path: `/computers/{id}/${below}`,
    operationId,
    summary,
    operation: 'query ($id: ID!) { computer(id: $id) { status } }',
    variables: ({ path }) => ({ id: idOf('computer', path) }),
    answer: ({ computer }, { path }) => {
      if (computer.status !== 'ACCEPTED') throw notFound('computer', path.id);
      return { status: 200, body };
    },
    openapi: { success: { status: 200, schema }, refusals: ['NOT_FOUND'] },
  };
}
