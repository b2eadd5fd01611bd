import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../domain/errors.ts';

/** The refusal of a request that timed out. Its work continues and may still complete. */
export const timedOut = (milliseconds: number): Refusal =>
  new Refusal(
    'UNAVAILABLE',
    `The request was aborted after ${milliseconds / 1000} s. Its changes may still have been saved.`,
  );

/**
 * Answers a route that takes too long, with separate limits for identifying the caller and for the handler. The time in
 * which the body arrives does not count. The server's own `handlerTimeout` is unsuitable. It stops counting when the
 * request closes, which happens as soon as the body was read. Call this function before other hooks are added.
 */
export function limitTime(
  scope: FastifyInstance,
  milliseconds: number,
  answer: (reply: FastifyReply, refusal: Refusal) => unknown,
): void {
  const timers = new WeakMap<FastifyReply, NodeJS.Timeout>();
  const start = async (_request: FastifyRequest, reply: FastifyReply) => {
    const giveUp = () => {
      if (!reply.sent) answer(reply, timedOut(milliseconds));
    };
    timers.set(reply, setTimeout(giveUp, milliseconds));
  };
  const stop = (reply: FastifyReply) => clearTimeout(timers.get(reply));
  scope.addHook('onRequest', async (request, reply) => {
    await start(request, reply);
    reply.raw.once('close', () => stop(reply));
  });
  scope.addHook('preParsing', async (_request, reply) => stop(reply));
  scope.addHook('preHandler', start);
}
