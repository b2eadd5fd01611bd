import { type Instant, secondsBetween } from '../../domain/time.ts';

/** The state of a database, as read by `npm run doctor`. The inspection writes nothing. */
export interface Inspection {
  /** Time of the database's clock. */
  readonly time: Instant;
  readonly server: {
    readonly version: string;
    readonly encoding: string;
    readonly connections: number;
    readonly mostConnections: number;
  };
  /** Missing privileges of the database user on tables and sequences. One line each. */
  readonly missingPrivileges: readonly string[];
  readonly migrations: readonly {
    readonly name: string;
    readonly checksum: string;
    readonly finished: boolean;
  }[];
  /** Columns, indexes, constraints and triggers. One line each. */
  readonly catalogue: readonly string[];
  /** Tables that are not distributed, although others are. */
  readonly undistributed: readonly string[];
  /** Violations of the rules about rows. Undefined if the tables are not those of this release. */
  readonly broken: readonly Violation[] | undefined;
}

export interface Violation {
  readonly rule: Rule;
  readonly number: number;
  /** The first violations. */
  readonly examples: readonly string[];
  readonly about: 'rows' | 'clock';
}

/** A rule that stored rows must always satisfy. */
export interface Rule {
  /** Describes the violation. */
  readonly says: string;
  readonly advice: string;
}

export interface Finding {
  readonly of: 'configuration' | 'database' | 'disk' | 'clock' | 'ledger';
  readonly says: string;
  /** Describes the remedy. */
  readonly advice: string;
}

/** The migrations and objects of a database of this release. */
export interface Expected {
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
  readonly catalogue: readonly string[];
}

interface Circumstances {
  /** Time of this machine's clock when the database's clock was read. */
  readonly time: Instant;
  /** Whether a scheduler should be running. */
  readonly isServed: boolean;
}

/** Half of the 30 seconds for which expired tokens are still accepted. */
const MAX_SKEW_SECONDS = 15;
const SHARE_OF_CONNECTIONS = 0.9;

/** Returns the problems of a database, each with advice. */
export function diagnose(
  found: Inspection,
  expected: Expected,
  { time, isServed }: Circumstances,
): Finding[] {
  const broken = (found.broken ?? []).filter(({ about }) => about === 'rows' || isServed);
  return [
    ...serverFindings(found.server),
    ...privilegeFindings(found.missingPrivileges),
    ...migrationFindings(found, expected),
    ...distributionFindings(found.undistributed),
    ...skewFindings(found.time, time),
    ...broken.map(({ rule: { says, advice }, number, examples, about }): Finding => {
      const rest = number > examples.length ? ' …' : '';
      return {
        of: about === 'clock' ? 'clock' : 'ledger',
        says: `${says}: ${number} (${examples.join(', ')}${rest})`,
        advice,
      };
    }),
  ];
}

function serverFindings({ encoding, connections, mostConnections }: Inspection['server']): Finding[] {
  const findings: Finding[] = [];
  if (encoding !== 'UTF8')
    findings.push({
      of: 'database',
      says: `the encoding of the database is ${encoding}, which cannot store every name and output`,
      advice: "create one with ENCODING 'UTF8', and copy the data with pg_dump and pg_restore",
    });
  if (connections > mostConnections * SHARE_OF_CONNECTIONS)
    findings.push({
      of: 'database',
      says: `${connections} of ${mostConnections} connections of the database server are in use`,
      advice:
        'raise max_connections, run fewer replicas (12 connections each), or use a pooler (DATABASE_DIRECT_URL)',
    });
  return findings;
}

function privilegeFindings(missing: readonly string[]): Finding[] {
  if (missing.length === 0) return [];
  return [
    {
      of: 'database',
      says: `the user of DATABASE_URL lacks privileges: ${missing.join('; ')}`,
      advice:
        'make that user the owner of the tables, or grant it SELECT, INSERT, UPDATE, DELETE on all tables and USAGE, SELECT on all sequences of the schema',
    },
  ];
}

const MEGABYTE = 1_000_000;
/** A restore writes a second copy of the database, and a full disk prevents all changes. */
const MIN_FREE_BYTES = 250 * MEGABYTE;

/** Returns the problems of the disk that holds an embedded database. */
export function diskFindings(folder: string, freeBytes: number): Finding[] {
  if (freeBytes >= MIN_FREE_BYTES) return [];
  return [
    {
      of: 'disk',
      says: `the disk of ${folder} has ${Math.floor(freeBytes / MEGABYTE)} MB of free space; at least ${MIN_FREE_BYTES / MEGABYTE} MB are required`,
      advice:
        'free some space, for example by deleting old backups; every change is refused when the disk is full',
    },
  ];
}

function migrationFindings({ migrations, catalogue }: Inspection, expected: Expected): Finding[] {
  const known = new Map(expected.migrations.map(({ name, checksum }) => [name, checksum]));
  const list = (entries: readonly { readonly name: string }[]) => entries.map(({ name }) => name).join(', ');
  const found = new Set(migrations.map(({ name }) => name));
  const findings: Finding[] = [];
  const add = (entries: readonly { readonly name: string }[], says: string, advice: string) => {
    if (entries.length > 0) findings.push({ of: 'database', says: `${says}: ${list(entries)}`, advice });
  };
  const missing = expected.migrations.filter(({ name }) => !found.has(name));
  const unfinished = migrations.filter(({ finished }) => !finished);
  add(missing, 'migrations are missing', 'start a server of this release, which applies them');
  add(
    unfinished,
    'a migration failed or was interrupted',
    'restore a backup, or repair it and run "prisma migrate resolve"',
  );
  add(
    migrations.filter(({ name }) => !known.has(name)),
    'the database is newer than this release, which does not have the migrations',
    'run the newer release, or restore a backup from before it',
  );
  add(
    migrations.filter(({ name, checksum }) => known.has(name) && known.get(name) !== checksum),
    'these migrations differ from the applied ones',
    'install the release again, because an applied migration never changes',
  );
  if (findings.length > 0) return findings;
  const there = new Set(catalogue);
  const gone = expected.catalogue.filter((each) => !there.has(each));
  if (gone.length > 0)
    findings.push({
      of: 'database',
      says: `objects of the migrations are missing, invalid or disabled: ${gone.join('; ')}`,
      advice:
        'create them with their statements in prisma/migrations (search for the name), or restore a backup',
    });
  return findings;
}

function distributionFindings(undistributed: readonly string[]): Finding[] {
  if (undistributed.length === 0) return [];
  return [
    {
      of: 'database',
      says: `tables are not distributed, although others are: ${undistributed.join(', ')}`,
      advice: 'stop the servers, and run npm run distribute -- --engine citus again',
    },
  ];
}

function skewFindings(theirs: Instant, ours: Instant): Finding[] {
  const skew = secondsBetween(theirs, ours);
  if (Math.abs(skew) <= MAX_SKEW_SECONDS) return [];
  const how = skew > 0 ? 'ahead of' : 'behind';
  return [
    {
      of: 'clock',
      says: `this machine's clock is ${Math.round(Math.abs(skew))} seconds ${how} the database's`,
      advice:
        'synchronise both (chrony or systemd-timesyncd), because tokens are checked against this clock, and slots against the other',
    },
  ];
}
