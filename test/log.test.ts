import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createLog } from '../src/log.ts';

function onTerminal() {
  const lines: string[] = [];
  const terminal = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { lines, log: createLog('info', terminal) };
}

test('a request is one line on a terminal, with its caller', () => {
  const { lines, log } = onTerminal();
  log.info(
    {
      requestId: 'r-1',
      method: 'POST',
      path: '/graphql',
      status: 200,
      ms: 3,
      operation: 'query limits',
      caller: { account: 1, person: 7 },
      outcome: 'OK',
    },
    'request',
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\] INFO .*request \{.*\}\n$/);
  expect(lines[0]).toContain('account:1,person:7');
  expect(lines[0]).not.toContain('[object Object]');
});

test('a subscription, a warning and an error have one line each, besides the stack', () => {
  const { lines, log } = onTerminal();
  log.info({ path: '/graphql', caller: { anonymous: true } }, 'subscription');
  log.warn({ about: { deep: ['list'] } }, 'warning');
  for (const line of lines) expect(line.match(/\n/g)).toHaveLength(1);
  log.error({ err: new Error('broken') }, 'fault');
  expect(lines[2]).toMatch(/fault/);
  expect(lines[2]).toMatch(/broken\n\s+at /);
});
