import { graphql, read } from '../app/graphql.ts';
import type { FragmentType } from '../generated/fragment-masking.ts';

const DISTRIBUTION = graphql(`
  fragment DistributionWords on Distribution { description distributor release codeName }
`);

/** `Ubuntu 24.04.1 LTS`. */
export function distributionWords(of: FragmentType<typeof DISTRIBUTION>): string {
  const { description, distributor, release, codeName } = read(DISTRIBUTION, of);
  return description ?? ([distributor, release ?? codeName].filter(Boolean).join(' ') || 'Unknown');
}
