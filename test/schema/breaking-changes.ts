import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** Accepted breaking changes: the inspector's description, and the reason. */
export type Accepted = Readonly<Record<string, string>>;

/** Changes that would break clients of the released schema, and acceptances without a change. */
export async function breakingChanges(
  released: string,
  current: string,
  accepted: Accepted,
): Promise<string[]> {
  const changes = await diff(buildSchema(released), buildSchema(current));
  const breaking = changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);
  return [
    ...breaking.filter((message) => !Object.hasOwn(accepted, message)),
    ...Object.keys(accepted)
      .filter((message) => !breaking.includes(message))
      .map((message) => `Accepted, and not there: ${message}`),
  ];
}
