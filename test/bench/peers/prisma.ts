import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../../../src/database/generated/client.ts';

export const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 10 }),
});

type Profiles = Awaited<ReturnType<typeof findProfiles>>;
export type Profile = Profiles[number];

export const findProfiles = (accountId: bigint, first: number) =>
  prisma.scriptProfile.findMany({
    where: { accountId, archived: false },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: first,
    include: { accessGroup: true, createdBy: true },
  });

export const findProfile = (accountId: bigint, id: bigint) =>
  prisma.scriptProfile.findUnique({
    where: { accountId_id: { accountId, id } },
    include: { accessGroup: true, createdBy: true },
  });

/** For a data loader: returns the newest run of each profile. */
export async function lastActivities(profiles: readonly Profile[]) {
  const found = await prisma.activity.findMany({
    where: { accountId: profiles[0]!.accountId, scriptProfileId: { in: profiles.map(({ id }) => id) } },
    orderBy: [{ creationTime: 'desc' }, { id: 'desc' }],
    distinct: ['scriptProfileId'],
    include: { creator: true },
  });
  const byProfile = new Map(found.map((activity) => [activity.scriptProfileId, activity]));
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
