import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { readConfig } from '../../src/config.ts';
import { createMetrics } from '../../src/http/observability/metrics.ts';
import { root } from '../support/build.ts';

const run = promisify(execFile);
const folder = `${root}/docs/deploy`;
const read = (file: string) => readFile(`${folder}/${file}`, 'utf8');
const documents = async (file: string) => {
  const found = parseAllDocuments(await read(file));
  expect(found.flatMap(({ errors }) => errors)).toEqual([]);
  return found.map((document) => document.toJS());
};

/** Returns the metrics in the queries, without the suffixes of histograms. */
async function metricsIn(file: string): Promise<Set<string>> {
  const names = (await read(file)).match(/\b(gateway|nodejs|process)_[a-z0-9_]+/g) ?? [];
  return new Set(names.map((name) => name.replace(/_(bucket|count|sum)$/, '')));
}

test.each(['alerts.yml', 'grafana-dashboard.json'])('every metric that %s queries exists', async (file) => {
  const text = await createMetrics('1').text({ database: async () => undefined });
  const existing = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const asked = await metricsIn(file);
  expect(asked.size).toBeGreaterThan(5);
  expect([...asked].filter((name) => !existing.has(name))).toEqual([]);
});

test('the alerts are those in docs/watching.md, and two for a process that is down', async () => {
  const [{ groups }] = await documents('alerts.yml');
  const rules: { alert: string; expr: string; for: string }[] = groups[0].rules;
  const documented = [
    ...(await readFile(`${root}/docs/watching.md`, 'utf8')).matchAll(
      /^\| `(.+? [=<>]=? .+?)` \| (\d+) ([mh]) \|/gm,
    ),
  ];
  expect(documented.length).toBeGreaterThan(5);
  const plain = (query: string) => query.replace('{job="script-profiles-gateway"}', '');
  expect(
    rules
      .slice(2)
      .map((rule) => [plain(rule.expr), rule.for])
      .sort(),
  ).toEqual(documented.map(([, query, number, unit]) => [query, `${number}${unit}`]).sort());
  expect(rules.slice(0, 2).map(({ alert }) => alert)).toEqual(['GatewayDown', 'GatewayAbsent']);
});

test('promtool accepts the alerts if it is installed', async () => {
  const [{ groups }] = await documents('alerts.yml');
  expect(groups).toHaveLength(1);
  if (!existsSync('/usr/bin/promtool')) return;
  const { stdout } = await run('/usr/bin/promtool', ['check', 'rules', `${folder}/alerts.yml`]);
  expect(stdout).toContain(`SUCCESS: ${groups[0].rules.length} rules found`);
});

describe('the environment of', () => {
  type Variable = { name: string; value: string };
  const valuesOf = (set: Record<string, string>) => ({
    ...set,
    // The referenced files do not exist on this machine.
    ...Object.fromEntries(
      Object.keys(set)
        .filter((name) => name.endsWith('_FILE'))
        .map((name) => [name, '']),
    ),
    DATABASE_URL: 'postgresql://h/db',
    JWT_SECRET: 'x'.repeat(32),
  });
  const known = async (name: string) =>
    (await readFile(`${root}/src/config.ts`, 'utf8')).includes(`  ${name.replace(/_FILE$/, '')}: `);

  test.each<[string, () => Promise<Record<string, string>>]>([
    [
      'kubernetes.yml',
      async () => {
        const [deployment] = await documents('kubernetes.yml');
        const [container] = deployment.spec.template.spec.containers;
        return Object.fromEntries(container.env.map(({ name, value }: Variable) => [name, value]));
      },
    ],
    ['compose.yml', async () => (await documents('compose.yml'))[0].services.gateway.environment],
  ])('%s is accepted by a server at its start', async (_, environment) => {
    const set = await environment();
    for (const name of Object.keys(set)) expect([name, await known(name)]).toEqual([name, true]);
    expect(set).toMatchObject({ DATABASE_URL: '', DATABASE_URL_FILE: expect.any(String) });
    expect(readConfig(valuesOf(set)).seed).toBe('none');
  });
});

test('kubernetes.yml uses existing probes, and gives a process enough time to stop', async () => {
  const [deployment, , budget] = await documents('kubernetes.yml');
  const { containers, terminationGracePeriodSeconds } = deployment.spec.template.spec;
  const [{ livenessProbe, readinessProbe, env }] = containers;
  expect(livenessProbe.httpGet.path).toBe('/healthz');
  expect(readinessProbe.httpGet.path).toBe('/readyz');
  const delay = Number(env.find(({ name }: { name: string }) => name === 'SHUTDOWN_DELAY').value);
  expect(terminationGracePeriodSeconds).toBe(delay + 20);
  expect(budget.kind).toBe('PodDisruptionBudget');
  expect(budget.spec.selector).toEqual(deployment.spec.selector);
});

test('systemd accepts the nightly units, and the image contains no demonstration data and no secrets of the checkout', async () => {
  expect(await read('Containerfile')).toMatch(/^ENV .*\bSEED=none\b/m);
  const ignored = (await readFile(`${root}/.dockerignore`, 'utf8')).split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['.git', 'node_modules', '.data', '*.env', '*.jwt-secret']));
  const units = (await readdir(folder))
    .filter((file) => /^script-profiles-gateway-nightly\./.test(file))
    .sort();
  expect(units).toEqual(['script-profiles-gateway-nightly.service', 'script-profiles-gateway-nightly.timer']);
  if (!existsSync('/usr/bin/systemd-analyze') || !existsSync('/usr/bin/node')) return;
  const paths = units.map((file) => `${folder}/${file}`);
  const { stdout, stderr } = await run('/usr/bin/systemd-analyze', ['verify', '--man=no', ...paths]);
  expect((stdout + stderr).split('\n').filter((line) => line.includes('script-profiles'))).toEqual([]);
});
