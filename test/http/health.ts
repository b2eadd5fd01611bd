import { expect, test } from '@jest/globals';
import { fastify } from 'fastify';
import { addHealth } from '../../src/http/health.ts';
import { NO_HTTP_DEADLINES } from '../support/deadlines.ts';

export function health(): void {
  test.each<[boolean | string | Error, number, object]>([
    [true, 200, { status: 'ready' }],
    [false, 503, { status: 'not ready' }],
    [
      'The disk of the database is full.',
      503,
      { status: 'not ready', reason: 'The disk of the database is full.' },
    ],
    [new Error('connect ECONNREFUSED 10.0.0.1'), 503, { status: 'not ready' }],
  ])(
    'if readiness is %j, /readyz answers with %i and shows no internal error',
    async (ready, status, body) => {
      const server = fastify();
      const isReady = async () => {
        if (ready instanceof Error) throw ready;
        return ready;
      };
      addHealth(server, { isReady }, NO_HTTP_DEADLINES.readiness);
      const answer = await server.inject('/readyz');
      expect([answer.statusCode, answer.json()]).toEqual([status, body]);
      await server.close();
    },
  );
}
