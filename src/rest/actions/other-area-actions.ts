import { accountNameQuery, type LegacyAction } from './action.ts';

/** Lists of other product areas. They are empty here. */
export const otherAreaActions: readonly LegacyAction[] = [
  emptyList('GetRemovalProfiles', 'Removal profiles: always an empty list'),
  emptyList('GetUpgradeProfiles', 'Upgrade profiles: always an empty list'),
];

function emptyList(name: string, summary: string): LegacyAction {
  return {
    name,
    summary,
    operation: accountNameQuery,
    variables: () => ({}),
    answer: () => ({ status: 200, body: [] }),
    openapi: { schema: 'EmptyList', refusals: [] },
  };
}
