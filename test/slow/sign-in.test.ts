import { execFile } from 'node:child_process';
import { chown, readFile, stat, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { openDatabase } from '../../src/database/database.ts';
import { type Cluster, createCluster } from '../reliability/cluster.ts';
import { endServers, failToStart } from '../support/server-process.ts';

const run = promisify(execFile);

let cluster: Cluster;
beforeAll(async () => {
  cluster = await createCluster();
  await onCluster(
    `CREATE ROLE gateway LOGIN PASSWORD 'p@ss/w%rd'`,
    "CREATE DATABASE gateway OWNER gateway ENCODING 'UTF8' TEMPLATE template0",
  );
  const data = `${cluster.folder}/data`;
  // A certificate of an authority that no machine trusts, for another name than the requested one.
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=db.example.com'],
    ...['-keyout', `${data}/server.key`, '-out', `${data}/server.crt`],
  ]);
  const { uid, gid } = await stat(data);
  for (const file of ['server.key', 'server.crt']) await chown(`${data}/${file}`, uid, gid);
  await run('chmod', ['600', `${data}/server.key`]);
  await onCluster('ALTER SYSTEM SET ssl = on');
  const hba = await readFile(`${data}/pg_hba.conf`, 'utf8');
  await writeFile(
    `${data}/pg_hba.conf`,
    `hostssl all gateway all scram-sha-256\nhost all gateway all reject\n${hba}`,
  );
  await cluster.stop();
  await cluster.start();
});
afterEach(endServers);
afterAll(() => cluster?.remove());

async function onCluster(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.url() });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
const urlOf = (credentials: string, parameters = '') =>
  cluster.url('gateway').replace('postgres@', `${credentials}@`) + parameters;
const PASSWORD = 'gateway:p%40ss%2Fw%25rd';
const open = async (parameters: string) => {
  const database = await openDatabase({ url: urlOf(PASSWORD, parameters) });
  await database.close();
};
const certificate = () => `${cluster.folder}/data/server.crt`;

test('sslmode has libpq’s meaning: require encrypts, verify-ca checks the authority, and verify-full also the name', async () => {
  await open('?sslmode=require');
  await open(`?sslmode=verify-ca&sslrootcert=${certificate()}`);
  await expect(open(`?sslmode=verify-full&sslrootcert=${certificate()}`)).rejects.toThrow(/altname/);
  await expect(open('?sslmode=verify-full')).rejects.toThrow(
    /certificate.* name its authority with sslrootcert=<file>/i,
  );
});

test('without sslmode, a server that requires TLS refuses, and the message says which parameter to set', async () => {
  await expect(open('')).rejects.toThrow(/some servers require sslmode=require/);
});

test('a start with a missing or wrong password ends immediately, and says how to set one', async () => {
  for (const credentials of ['gateway', 'gateway:hunter2']) {
    const { code, stdout, stderr } = await failToStart({
      DATABASE_URL: urlOf(credentials, '?sslmode=require'),
      JWT_SECRET: 'x'.repeat(32),
    });
    expect(code).toBe(1);
    expect(stderr).toContain("Set the user's password in the URL");
    expect(stdout + stderr).not.toContain('hunter2');
  }
});
