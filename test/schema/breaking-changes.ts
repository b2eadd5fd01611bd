import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** Breaking changes that were decided on: what the inspector calls them, and why. */
export type Accepted = Readonly<Record<string, string>>;

/** What a client of the released schema would trip over, and what is accepted without need. */
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
