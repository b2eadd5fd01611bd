import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../../../src/database/generated/client.ts';

export const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 10 }),
});

/** A person has no foreign key, so it is fetched as `include` does it: by one more query for all rows. */
async function peopleOf(accountId: bigint, ids: readonly (bigint | null)[]) {
  const wanted = ids.filter((id) => id !== null);
  const found = await prisma.person.findMany({ where: { accountId, id: { in: wanted } } });
  const byId = new Map(found.map((person) => [person.id, person]));
  return ids.map((id) => (id === null ? null : (byId.get(id) ?? null)));
}

/** Adds the creators of profiles. */
export async function withCreators<Row extends { accountId: bigint; createdById: bigint | null }>(
  rows: readonly Row[],
) {
  if (rows.length === 0) return [];
  const people = await peopleOf(
    rows[0]!.accountId,
    rows.map(({ createdById }) => createdById),
  );
  return rows.map((row, index) => ({ ...row, createdBy: people[index]! }));
}

type Profiles = Awaited<ReturnType<typeof findProfiles>>;
export type Profile = Profiles[number];

export const findProfiles = async (accountId: bigint, first: number) =>
  withCreators(
    await prisma.scriptProfile.findMany({
      where: { accountId, archived: false },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: first,
      include: { accessGroup: true },
    }),
  );

export async function findProfile(accountId: bigint, id: bigint) {
  const found = await prisma.scriptProfile.findUnique({
    where: { accountId_id: { accountId, id } },
    include: { accessGroup: true },
  });
  return found && (await withCreators([found]))[0];
}

/** For a data loader: returns the newest run of each profile. */
export async function lastActivities(profiles: readonly Profile[]) {
  const found = await prisma.activity.findMany({
    where: { accountId: profiles[0]!.accountId, scriptProfileId: { in: profiles.map(({ id }) => id) } },
    orderBy: [{ creationTime: 'desc' }, { id: 'desc' }],
    distinct: ['scriptProfileId'],
  });
  const people = await peopleOf(
    profiles[0]!.accountId,
    found.map(({ creatorId }) => creatorId),
  );
  const byProfile = new Map(
    found.map((activity, index) => [activity.scriptProfileId, { ...activity, creator: people[index]! }]),
  );
  return profiles.map(({ id }) => byProfile.get(id) ?? null);
}

/**
 * For a data loader: counts the computers that each profile reaches. Prisma can count under one condition at a time.
 */
export const associated = (profiles: readonly Profile[]) =>
  Promise.all(
    profiles.map(({ accountId, accessGroupId, triggerKind, allComputers, tags }) =>
      triggerKind === 'event'
        ? 0
        : prisma.computer.count({
            where: {
              accountId,
              status: 'accepted',
              accessGroup: { above: { some: { aboveId: accessGroupId } } },
              ...(!allComputers && { tags: { some: { tag: { in: tags } } } }),
            },
          }),
    ),
  );

export function triggerOf(profile: Profile) {
  const { triggerKind, eventType, timestamp, isFinished, interval, startAfter, nextRun, lastRun } = profile;
  if (triggerKind === 'event') return { __typename: 'EventTrigger', eventType: eventType!.toUpperCase() };
  if (triggerKind === 'one_time')
    return { __typename: 'OneTimeTrigger', timestamp: timestamp!, isFinished: isFinished!, nextRun, lastRun };
  return { __typename: 'RecurringTrigger', interval: interval!, startAfter: startAfter!, nextRun, lastRun };
}
