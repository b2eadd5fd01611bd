import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../domain/errors.ts';

/** A request that is given up: its work is not stopped by that, and may still be done. */
export const timedOut = (milliseconds: number): Refusal =>
  new Refusal(
    'UNAVAILABLE',
    `The request was aborted after ${milliseconds / 1000} s. Its changes may have been made nevertheless.`,
  );

/**
 * Answers for a route that takes too long: first with finding out who asks, and then again with its handler; in between the
 * body may take its own time to arrive. The server's own `handlerTimeout` does not do: it stops counting when the request is
 * closed, which a request is as soon as its body was read. To be called before other hooks are added.
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
