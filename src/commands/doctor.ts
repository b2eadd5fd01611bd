import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { type Instant, parseInstant } from '../domain/time.ts';
import { dataCareAt } from '../http/operator-care.ts';
import { examineServer, openExamined } from '../persistence/care/examined.ts';
import { expectedOfRelease } from '../persistence/care/expected.ts';
import { FolderInUse } from '../persistence/folder-lock.ts';
import { jwtSecrets } from '../secret-file.ts';
import { diagnose, type Examination, type Finding } from '../services/diagnosis.ts';
import { run, textOptions } from './arguments.ts';
import { isDatabase } from './care.ts';

// Looks at everything, and changes nothing. It ends with 1 when it finds something.
run(
  {
    usage: 'npm run doctor',
    does: 'Looks at configuration, database, clock and ledger, and changes nothing. Ends with 1 when it finds something.',
  },
  async () => {
    textOptions([], process.argv.slice(2));
    const findings = await findingsOf(process.env);
    if (findings.length === 0)
      return 'Nothing found: configuration, database, clock and ledger are as they should be.';
    process.exitCode = 1;
    return findings.map(({ of, says, advice }) => `${of}: ${says}.\n  → ${advice}.`).join('\n');
  },
);

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
      advice: 'set it in the environment or the unit, and look again; README.md has the table of variables',
    }));
  }
  const found = [...(await secretFindings(config))];
  try {
    const examined = await examine(config);
    if (examined) found.push(...diagnose(examined.examination, await expectedOfRelease(), examined));
  } catch (error) {
    found.push({
      of: 'database',
      says: (error as Error).message.replace(/\.$/, ''),
      advice: 'see that it runs, that DATABASE_URL is right, and that this user may open it',
    });
  }
  return found;
}

interface Examined {
  readonly examination: Examination;
  readonly time: Instant;
  readonly isServed: boolean;
}

/** Undefined where there is no database yet. */
async function examine(config: Config): Promise<Examined | undefined> {
  const { databaseUrl, databaseDirectUrl, databaseFolder } = config;
  const timed = async (looking: Promise<Examination>, isServed: boolean) => ({
    examination: await looking,
    time: parseInstant(new Date().toISOString())!,
    isServed,
  });
  if (databaseFolder === undefined) {
    if (databaseUrl === 'pglite:memory') return undefined;
    return timed(examineServer(databaseDirectUrl ?? databaseUrl), true);
  }
  const folder = resolve(databaseFolder);
  if (!isDatabase(folder)) return undefined;
  try {
    return await timed(openExamined(folder), false);
  } catch (error) {
    if (!(error instanceof FolderInUse) || !error.url) throw error;
    const [secret] = await jwtSecrets(config);
    return timed(dataCareAt(error.url, secret).examine(), true);
  }
}

/** Whoever reads it can make themselves anybody's token. */
async function secretFindings({ jwtSecret, databaseFolder }: Config): Promise<Finding[]> {
  if (jwtSecret !== undefined || databaseFolder === undefined) return [];
  const file = `${resolve(databaseFolder)}.jwt-secret`;
  const mode = await stat(file).then(
    (found) => found.mode & 0o777,
    () => 0o600,
  );
  if ((mode & 0o077) === 0) return [];
  return [
    {
      of: 'configuration',
      says: `others than its owner may read ${file} (mode ${mode.toString(8)})`,
      advice: `chmod 600 ${file}; if somebody may have read it, delete it and start again: all tokens then become invalid`,
    },
  ];
}
