import 'reflect-metadata';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Answer } from '../../src/graphql/execution/answer.ts';

// Large work of an answer: one piece at a time, and none for a client that has disconnected.

/** A promise that the test resolves. */
function pending() {
  let end = () => {};
  const promise = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { promise, end };
}

describe('large work', () => {
  test('of two fields of one answer runs one after the other', async () => {
    const answer = new Answer();
    const first = pending();
    const steps: string[] = [];
    const both = [
      answer.runLarge(async () => {
        steps.push('first starts');
        await first.promise;
        steps.push('first ends');
      }),
      answer.runLarge(async () => steps.push('second starts')),
    ];
    await setImmediate();
    expect(steps).toEqual(['first starts']);
    first.end();
    await Promise.all(both);
    expect(steps).toEqual(['first starts', 'first ends', 'second starts']);
  });

  test('continues with the next field after one has failed', async () => {
    const answer = new Answer();
    const failed = answer.runLarge(() => Promise.reject(new Error('broken')));
    const next = answer.runLarge(async () => 'done');
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe('done');
  });

  test('does not start after the client has disconnected, neither after a wait for the turn nor after other work', async () => {
    const [turn, closed] = [pending(), pending()];
    const answer = new Answer({ enterLarge: () => turn.promise, closed: closed.promise });
    let started = 0;
    const work = async () => {
      started += 1;
    };
    const abandoned = Promise.allSettled([answer.runLarge(work), answer.runLarge(work), answer.enterLarge()]);
    closed.end();
    await setImmediate();
    turn.end();
    expect((await abandoned).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(started).toBe(0);
    expect(() => answer.pause()).toThrow('The request ended before its answer was complete.');
  });
});
