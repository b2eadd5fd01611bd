import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { adviceOn, CannotOpen } from '../database/cannot-open.ts';
import { freeBytesAt } from '../database/disk.ts';
import { entriesOf } from '../database/embedded/embedded-folder.ts';
import { FolderInUse } from '../database/embedded/folder-lock.ts';
import { type Instant, parseInstant } from '../domain/time.ts';
import { maintenanceAt } from '../http/operator-maintenance.ts';
import { examineServer, openExamined } from '../maintenance/examined.ts';
import { expectedOfRelease } from '../maintenance/expected.ts';
import { jwtSecrets } from '../secret-file.ts';
import { diagnose, diskFindings, type Finding, type Inspection } from '../services/maintenance/diagnosis.ts';
import { flags, run } from './arguments.ts';
import { isDatabase } from './maintenance.ts';

// Examines the configuration and the database without changing them. Exits with 1 if it finds a fault.
run(
  {
    usage: 'npm run doctor [-- --json]',
    does: 'Checks the configuration, database, clock and slot ledger. Changes nothing. Exits with 1 if it finds a problem.',
    options: { '--json': 'prints the findings as JSON' },
  },
  async () => {
    const { json } = flags(['json'], process.argv.slice(2));
    const findings = await findingsOf(process.env);
    if (findings.length > 0) process.exitCode = 1;
    if (json) return JSON.stringify({ findings });
    if (findings.length > 0)
      return findings.map(({ of, says, advice }) => `${of}: ${says}.\n  → ${advice}.`).join('\n');
    return `No problem found in the configuration, database, clock and slot ledger of ${placeOf(readConfig(process.env))}.`;
  },
);

/** Names the examined database without credentials, because the operator may have meant another one. */
function placeOf({ databaseFolder, databaseUrl }: Config): string {
  if (databaseFolder !== undefined) return resolve(databaseFolder);
  const [place = ''] = databaseUrl.split('?');
  const credentialsEnd = place.lastIndexOf('@');
  return credentialsEnd < 0 ? place : `postgresql://${place.slice(credentialsEnd + 1)}`;
}

async function findingsOf(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  let config: Config;
  try {
    config = readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [, ...faults] = error.message.split('\n');
    return faults.map((fault) => ({
      of: 'configuration',
      says: fault.trim().replace(/\.$/, ''),
      advice:
        'set it in the environment or the unit, and run the command again; docs/configuration.md lists the variables',
    }));
  }
  return [
    ...proxyFindings(config, environment),
    ...(await readableFindings(config)),
    ...(await freeSpaceFindings(config)),
    ...(await databaseFindings(config)),
  ];
}

interface Examined {
  readonly examination: Inspection;
  readonly time: Instant;
  readonly isServed: boolean;
}

async function databaseFindings(config: Config): Promise<Finding[]> {
  try {
    const examined = await examine(config);
    return diagnose(examined.examination, await expectedOfRelease(), examined);
  } catch (error) {
    const { says, advice } =
      error instanceof CannotOpen ? error : { says: (error as Error).message, advice: adviceOn(error) };
    return [{ of: 'database', says: says.replace(/\.$/, ''), advice }];
  }
}

/** @throws CannotOpen if no database exists, because a missing database is not healthy */
async function examine(config: Config): Promise<Examined> {
  const { databaseUrl, databaseDirectUrl, databaseFolder } = config;
  const timed = async (looking: Promise<Inspection>, isServed: boolean) => ({
    examination: await looking,
    time: parseInstant(new Date().toISOString())!,
    isServed,
  });
  if (databaseUrl === 'pglite:memory')
    throw new CannotOpen(
      'DATABASE_URL is pglite:memory, which only its own server can examine',
      'set DATABASE_URL to pglite:<folder> or postgresql://… to keep data',
    );
  if (databaseFolder === undefined) return timed(examineServer(databaseDirectUrl ?? databaseUrl), true);
  const folder = resolve(databaseFolder);
  if (!isDatabase(folder))
    throw new CannotOpen(
      `the folder ${folder} contains no database`,
      'check that DATABASE_URL names the folder of the server, whose first start creates the database',
    );
  try {
    return await timed(openExamined(folder), false);
  } catch (error) {
    if (!(error instanceof FolderInUse) || !error.url) throw error;
    const [secret] = await jwtSecrets(config);
    return timed(maintenanceAt(error.url, secret).examine(), true);
  }
}

/** If the server listens only on loopback, remote callers come through a proxy on the same machine. */
function proxyFindings({ host, trustedProxies }: Config, { NODE_ENV }: NodeJS.ProcessEnv): Finding[] {
  const isLoopback = /^(127\.|::1$|localhost$)/.test(host);
  if (NODE_ENV !== 'production' || !isLoopback || trustedProxies.length > 0) return [];
  return [
    {
      of: 'configuration',
      says: `TRUSTED_PROXIES is not set, and HOST=${host} accepts only this machine: behind a proxy, all callers have one address, and cookies lack Secure`,
      advice: `set TRUSTED_PROXIES=${host === 'localhost' ? '127.0.0.1' : host} if a proxy on this machine forwards the requests`,
    },
  ];
}

/** Finds sensitive files that other users may read: the secret, and the database with the password hashes. */
async function readableFindings({ jwtSecret, databaseFolder }: Config): Promise<Finding[]> {
  if (databaseFolder === undefined) return [];
  const folder = resolve(databaseFolder);
  const secret = jwtSecret === undefined ? await secretFindings(`${folder}.jwt-secret`) : [];
  const entries = existsSync(folder) ? [{ path: folder }, ...(await entriesOf(folder))] : [];
  const readable = [];
  for (const { path } of entries) if (((await modeOf(path)) & 0o077) !== 0) readable.push(path);
  if (readable.length === 0) return secret;
  return [
    ...secret,
    {
      of: 'configuration',
      says: `other users than the owner may read ${readable.length} files and folders of the database ${folder}`,
      advice: `restart the server, which sets their modes, or run chmod -R go= ${folder}; if another user may have read them, reset all passwords`,
    },
  ];
}

async function freeSpaceFindings({ databaseFolder }: Config): Promise<Finding[]> {
  if (databaseFolder === undefined) return [];
  const folder = resolve(databaseFolder);
  const free = await freeBytesAt(folder);
  return free === undefined ? [] : diskFindings(folder, free);
}

/** Returns the mode of a file. 0 if the file does not exist, because a running server removes files. */
function modeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ mode }) => mode & 0o777,
    () => 0,
  );
}

/** Users who can read the file can sign a token for any person. */
async function secretFindings(file: string): Promise<Finding[]> {
  const mode = await modeOf(file);
  if ((mode & 0o077) === 0) return [];
  return [
    {
      of: 'configuration',
      says: `other users than the owner may read ${file} (mode ${mode.toString(8)})`,
      advice: `run chmod 600 ${file}; if another user may have read it, delete it and restart the server, which makes all tokens invalid`,
    },
  ];
}
