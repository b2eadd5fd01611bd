import type { Connection } from '../database/sql.ts';
import { savePerson } from '../repositories/accounts/accounts.ts';
import { roleRepository } from '../repositories/accounts/roles.ts';
import { computerRepository } from '../repositories/computers/computers.ts';
import { daysAgo, demoScripts, desktopsAndPending, distributions, taggedServers } from './demo-fleet.ts';
import { demoHistory } from './demo-history.ts';
import { demoProfiles } from './demo-profiles.ts';
import { demoRoles } from './demo-roles.ts';
import { writeHistory } from './history.ts';
import { insertComputers, insertProfiles, insertRows, insertScripts } from './inserts.ts';
import { loadPage, type Made } from './page.ts';

/** Loads the page's world and more, so that every screen has content. */
export async function loadDemo(tx: Connection, made: Made): Promise<void> {
  const page = await loadPage(tx, made);
  const { accountId, john } = page;
  const { now } = made;

  const name = 'Grace Miller';
  const email = 'grace@example.com';
  const createdAt = daysAgo(now, 60);
  const id = await savePerson(tx, { accountId, name, email, passwordHash: null, now: createdAt });
  const grace = { id, name, email };
  for (const role of demoRoles(page, grace))
    await roleRepository(tx).insert(accountId, { ...role, isGlobalAdmin: false });

  const servers = taggedServers(page.computers);
  await computerRepository(tx).save(accountId, servers);
  const others = desktopsAndPending(page, now);
  await insertComputers(tx, accountId, others);
  await insertRows(tx, 'agent', accountId, distributions([...servers, ...others]));
  await insertScripts(tx, accountId, demoScripts(page, grace, now));

  const drafts = demoProfiles(page, grace, now);
  const { profiles, ...history } = demoHistory(drafts, {
    computers: [...servers, ...others],
    john,
    grace,
    now,
  });
  await insertProfiles(tx, accountId, profiles);
  await writeHistory(tx, accountId, history, { run: 2, activity: 2397 });
}
