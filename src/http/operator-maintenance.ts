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

/** A line about long work: its progress, or finally its result or error. */
type Line = { readonly progress: CopyProgress } | { readonly result: Copied } | { readonly error: string };

/** Adds the routes for maintenance to the operator's scope, whose hook rejects all other callers. */
export function addDatabaseMaintenance(
  server: FastifyInstance,
  maintenance: Maintenance,
  onMoved: () => void,
): void {
  // Pass the body on as a stream, because it may not fit into memory.
  server.addContentTypeParser(BACKUP, (_request, payload, done) => done(null, payload));
  // Only the operator's command gets the reason of a fault. Refusals are answered as everywhere.
  server.setErrorHandler((error: Error, request, reply) => {
    if (error instanceof Refusal) throw error;
    request.log.error({ err: error }, 'fault');
    reply.code(500).send({ message: error.message });
  });
  server.get('/operator/backup', async (_request, reply) =>
    reply.type(BACKUP).send(await maintenance.backup()),
  );
  server.get('/operator/examination', () => maintenance.examine());
  server.post('/operator/restore', async ({ body }, reply) =>
    reply.type(LINES).send(progressLines((onProgress) => maintenance.restore(body as Readable, onProgress))),
  );
  server.post('/operator/move', async ({ body }, reply) => {
    const { success, data } = destination.safeParse(body);
    if (!success)
      throw new Refusal('INVALID_INPUT', 'The target of the move is missing or invalid.', { field: 'to' });
    const work = (onProgress: OnProgress) => maintenance.move(data.to, onProgress);
    return reply.type(LINES).send(progressLines(work, onMoved));
  });
}

function progressLines(work: (onProgress: OnProgress) => Promise<Copied>, onDone = () => {}): Readable {
  const lines = new PassThrough();
  // The client may have disconnected, but the work continues.
  lines.on('error', () => {});
  const writeLine = (line: Line) => lines.write(`${JSON.stringify(line)}\n`);
  work((progress) => writeLine({ progress }))
    .then(
      (result) => {
        writeLine({ result });
        onDone();
      },
      (error: Error) => writeLine({ error: error.message }),
    )
    .finally(() => lines.end());
  return lines;
}

/** Maintenance by the server at this base URL. */
export function maintenanceAt(url: string, secret: string): Maintenance {
  const ask = (path: string, sent?: Sent) => answerOf(new URL(path, url), secret, sent);
  return {
    backup: () => ask('/operator/backup'),
    examine: async () => (await json(await ask('/operator/examination'))) as Inspection,
    restore: async (backup, onProgress) =>
      resultOf(await ask('/operator/restore', { type: BACKUP, body: backup }), onProgress),
    move: async (to, onProgress) =>
      resultOf(
        await ask('/operator/move', { type: 'application/json', body: [JSON.stringify({ to })] }),
        onProgress,
      ),
  };
}

interface Sent {
  readonly type: string;
  readonly body: Readable | readonly string[];
}

/** Uses no fetch(), which gives up if the answer takes minutes to begin. */
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
  // If the server answers before it has read the whole body, its answer decides.
  const answer = await Promise.race([answered, wholeSent.then(() => answered)]);
  wholeSent.catch(() => {});
  if (answer.statusCode === 200) return answer;
  const { message } = JSON.parse(await text(answer).catch(() => '{}')) as { message?: string };
  throw new Error(`The server at ${url.origin} returned the status ${answer.statusCode}: ${message}`);
}

async function resultOf(answer: IncomingMessage, onProgress: OnProgress): Promise<Copied> {
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
