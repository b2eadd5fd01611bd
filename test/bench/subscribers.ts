import { request as open } from 'node:http';
import { summary } from './bench-world.ts';
import type { Request } from './load.ts';
import type { Row } from './report.ts';
import { ask } from './same-answer.ts';

const SUBSCRIBERS = 1000;
const EVENTS = 5;
const OPENED_AT_ONCE = 50;

/**
 * Measures the time from an edit until the last of a thousand streams receives it. The server collects events for a
 * quarter of a second.
 */
export async function subscribers(
  stream: Request,
  edit: (turn: number) => Request,
  progress: (text: string) => void,
): Promise<readonly Row[]> {
  let received = 0;
  let onReceived = () => {};
  const streams: Stream[] = [];
  const until = (number: number) =>
    new Promise<void>((resolve) => {
      onReceived = () => void (received >= number && resolve());
      onReceived();
    });
  const onEvent = () => {
    received += 1;
    onReceived();
  };
  try {
    while (streams.length < SUBSCRIBERS) {
      progress(`${streams.length} of ${SUBSCRIBERS} subscribers`);
      for (let n = 0; n < OPENED_AT_ONCE; n += 1) streams.push(follow(stream, onEvent));
      // The first event of each stream contains the current state.
      await until(streams.length);
    }
    const took: number[] = [];
    for (let turn = 1; turn <= EVENTS; turn += 1) {
      progress(`event ${turn} of ${EVENTS}`);
      received = 0;
      const begun = performance.now();
      await ask(edit(turn));
      await until(SUBSCRIBERS);
      took.push(performance.now() - begun);
    }
    return [
      { what: `one edit, heard by all of ${SUBSCRIBERS} subscribers`, figure: summary(took), unit: 'ms' },
    ];
  } finally {
    for (const { end } of streams) end();
  }
}

interface Stream {
  end(): void;
}

function follow({ url, headers, body }: Request, onEvent: () => void): Stream {
  const sent = open(url, { method: 'POST', headers, agent: false }, (response) => {
    response.setEncoding('utf8').on('data', (text: string) => {
      for (const _ of text.matchAll(/^event: next$/gm)) onEvent();
    });
    response.on('error', () => {});
  });
  sent.on('error', () => {});
  sent.end(body);
  return { end: () => sent.destroy() };
}
