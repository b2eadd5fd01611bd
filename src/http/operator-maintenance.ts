import { type IncomingMessage, request } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Refusal } from '../domain/errors.ts';
import type { Inspection } from '../services/maintenance/diagnosis.ts';
import type { Copied, CopyProgress, Maintenance, OnProgress } from '../services/maintenance/maintenance.ts';
import { signOperatorToken } from './auth/tokens.ts';

const BACKUP = 'application/gzip';
const LINES = 'application/x-ndjson';
const destination = z.object({ to: z.string().regex(/^postgres(ql)?:\/\//) });

/** What is told of long work: how far it is, and at last what came of it. */
type Line = { readonly progress: CopyProgress } | { readonly result: Copied } | { readonly error: string };

/** Into the operator's room, whose hook lets nobody else in. */
export function addDataCare(server: FastifyInstance, care: Maintenance, onMoved: () => void): void {
  // As it comes: it may be larger than what fits into memory.
  server.addContentTypeParser(BACKUP, (_request, payload, done) => done(null, payload));
  // The operator's command is told the reason, which nobody else would be; refusals are answered as everywhere.
  server.setErrorHandler((error: Error, request, reply) => {
    if (error instanceof Refusal) throw error;
    request.log.error({ err: error }, 'fault');
    reply.code(500).send({ message: error.message });
  });
  server.get('/operator/backup', async (_request, reply) => reply.type(BACKUP).send(await care.backup()));
  server.get('/operator/examination', () => care.examine());
  server.post('/operator/restore', async ({ body }, reply) =>
    reply.type(LINES).send(told((onProgress) => care.restore(body as Readable, onProgress))),
  );
  server.post('/operator/move', async ({ body }, reply) => {
    const { success, data } = destination.safeParse(body);
    if (!success)
      throw new Refusal('INVALID_INPUT', 'The target of the move is missing or invalid.', { field: 'to' });
    const work = (onProgress: OnProgress) => care.move(data.to, onProgress);
    return reply.type(LINES).send(told(work, onMoved));
  });
}

function told(work: (onProgress: OnProgress) => Promise<Copied>, onDone = () => {}): Readable {
  const lines = new PassThrough();
  // Whoever asked may be gone; the work is done all the same.
  lines.on('error', () => {});
  const tell = (line: Line) => lines.write(`${JSON.stringify(line)}\n`);
  work((progress) => tell({ progress }))
    .then(
      (result) => {
        tell({ result });
        onDone();
      },
      (error: Error) => tell({ error: error.message }),
    )
    .finally(() => lines.end());
  return lines;
}

/** The same, asked of the server at this base URL. */
export function dataCareAt(url: string, secret: string): Maintenance {
  const ask = (path: string, sent?: Sent) => answerOf(new URL(path, url), secret, sent);
  return {
    backup: () => ask('/operator/backup'),
    examine: async () => (await json(await ask('/operator/examination'))) as Inspection,
    restore: async (backup, onProgress) =>
      heard(await ask('/operator/restore', { type: BACKUP, body: backup }), onProgress),
    move: async (to, onProgress) =>
      heard(
        await ask('/operator/move', { type: 'application/json', body: [JSON.stringify({ to })] }),
        onProgress,
      ),
  };
}

interface Sent {
  readonly type: string;
  readonly body: Readable | readonly string[];
}

/** Not by fetch(), which gives up on an answer that takes minutes to begin. */
async function answerOf(url: URL, secret: string, sent?: Sent): Promise<IncomingMessage> {
  const asked = request(url, {
    method: sent ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${signOperatorToken({ secret })}`,
      ...(sent && { 'content-type': sent.type }),
    },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve);
    asked.once('error', ({ message }) =>
      reject(new Error(`The server at ${url.origin} cannot be reached: ${message}.`)),
    );
  });
  const wholeSent = pipeline(sent?.body ?? [], asked);
  // Where the server answers before it has read it all, its answer is what counts.
  const answer = await Promise.race([answered, wholeSent.then(() => answered)]);
  wholeSent.catch(() => {});
  if (answer.statusCode === 200) return answer;
  const { message } = JSON.parse(await text(answer).catch(() => '{}')) as { message?: string };
  throw new Error(`The server at ${url.origin} returned the status ${answer.statusCode}: ${message}`);
}

async function heard(answer: IncomingMessage, onProgress: OnProgress): Promise<Copied> {
  let rest = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const said = JSON.parse(line) as Line;
      if ('result' in said) return said.result;
      if ('error' in said) throw new Error(said.error);
      onProgress(said.progress);
    }
  }
  throw new Error('The server ended before the operation was complete.');
}
