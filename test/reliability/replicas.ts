import { judge } from './ledger.ts';
import { gateway, type Server } from './server.ts';
import type { Workload } from './workload.ts';

/** Starts servers with the documented data, one after the other, on the databases in the environments. */
export async function startReplicas(environments: readonly Record<string, string>[]): Promise<Server[]> {
  const replicas = environments.map((each) => gateway({ SEED: 'page', METRICS: 'on', ...each }));
  // The first server migrates and fills the database.
  for (const replica of replicas) await replica.start();
  return replicas;
}

/** Stops the load and the servers, and checks the result. */
export async function finish(replicas: readonly Server[], workload: Workload, databaseUrl: string) {
  await workload.stop();
  const found = await judge(databaseUrl, workload);
  const faults = [...workload.faults, ...found.faults];
  for (const replica of replicas) {
    if (!replica.isUp) faults.push('A server has ended.');
    else if ((await replica.stop()) === undefined)
      faults.push('A server did not stop in time, with exit code 0.');
    for (const complaint of new Set(replica.complaints)) faults.push(`A server complained: ${complaint}`);
  }
  return { ...found, faults };
}
