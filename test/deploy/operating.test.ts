import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { root } from '../support/build.ts';

const read = (file: string) => readFile(`${root}/${file}`, 'utf8');

describe('docs/operating.md', () => {
  test('never sources the environment file in a shell, which would interpret & and $ in a URL', async () => {
    const text = await read('docs/operating.md');
    expect(text).not.toMatch(/(^|[;\s(])(\.|source|eval)\s+\S*script-profiles-gateway\.env/m);
    expect(text).toMatch(/systemd-run .*--property=EnvironmentFile=\/etc\/script-profiles-gateway\.env/s);
  });

  test('waits in a rolling upgrade until each replica is ready, and not for a fixed time', async () => {
    const upgrade = /## Upgrade\n(.*?)\n## /s.exec(await read('docs/operating.md'))![1]!;
    expect(upgrade).toMatch(/until curl \S+ \S+ http:\/\/127\.0\.0\.1:\$1\/readyz/);
    expect(upgrade).toMatch(/systemctl restart \S+\$port && ready \$port \|\| break/);
  });
});

test('agrees with the proxy configuration and SECURITY.md on the headers that a proxy sets and on trusted addresses', async () => {
  const [nginx, security, operating] = await Promise.all(
    ['docs/deploy/nginx.conf', 'SECURITY.md', 'docs/operating.md'].map(read),
  );
  const headers = (text: string) =>
    Object.fromEntries(
      [...text.matchAll(/proxy_set_header (Host|X-Forwarded-\w+) +(\S+);/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
  expect(headers(nginx!)).toEqual({
    Host: '$http_host',
    'X-Forwarded-For': '$remote_addr',
    'X-Forwarded-Proto': '$scheme',
  });
  expect(headers(security!)).toEqual(headers(nginx!));
  for (const text of [nginx!, security!]) {
    expect(text).toContain('client_max_body_size 5m;');
    expect(text).toContain('location /operator/ { return 404; }');
    expect(text).toContain('location = /metrics { return 404; }');
  }
  for (const text of [nginx!, security!, operating!]) expect(text).toContain('TRUSTED_PROXIES=127.0.0.1');
});
