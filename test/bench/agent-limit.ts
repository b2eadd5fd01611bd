/**
 * The upper bound for the agents' API: a bare `node:http` server. It answers a ping with a constant. For an exchange,
 * it runs one indexed SELECT … FOR UPDATE and one UPDATE in a transaction. It decodes and checks nothing.
 */
import { createServer } from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const PING = Buffer.from('du8:messagesb0;');

const statements = {
  lock: 'select id from computer where account_id = 1 and token_hash = $1 for update',
  save: 'update agent set last_seen_at = $2, exchange_token = $3 where account_id = 1 and computer_id = $1',
};

async function exchange(tokenHash: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query({ name: 'lock', text: statements.lock, values: [tokenHash] });
    const values = [rows[0].id, new Date(), crypto.randomUUID()];
    await client.query({ name: 'save', text: statements.save, values });
    await client.query('commit');
  } finally {
    client.release();
  }
}

const server = createServer((request, reply) => {
  request.resume();
  request.on('end', async () => {
    if (request.url !== '/ping') await exchange(String(request.headers['x-token-hash']));
    reply.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': PING.length });
    reply.end(PING);
  });
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  console.log(`ready at http://127.0.0.1:${port}`);
});
