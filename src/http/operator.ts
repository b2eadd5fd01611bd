import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Refusal } from '../domain/errors.ts';
import type { Maintenance } from '../services/maintenance/maintenance.ts';
import { bearerToken, signOperatorToken, verifyOperatorToken } from './auth/tokens.ts';
import { addDatabaseMaintenance } from './operator-maintenance.ts';

const administrator = z.object({
  account: z.string(),
  email: z.string(),
  name: z.string(),
  passwordHash: z.string(),
});
type Administrator = z.infer<typeof administrator>;

/** Commands for the server that has the embedded database open, because no other process can open it meanwhile. */
export interface Operator {
  readonly secrets: readonly string[];
  /** Returns whether the account was created. */
  saveAdministrator(person: Administrator): Promise<boolean>;
  readonly maintenance: Maintenance;
  /** The database was moved, so this server must stop. */
  onMoved(): void;
}

const ADMINISTRATORS = '/operator/administrators';

/** Not a public API. The only caller is the function below, of the same release. */
export function addOperator(server: FastifyInstance, operator: Operator): void {
  const { secrets, saveAdministrator, maintenance, onMoved } = operator;
  server.addHook('onRequest', async ({ headers }) => {
    verifyOperatorToken(bearerToken(headers.authorization), { secrets });
  });
  server.post(ADMINISTRATORS, async ({ body }) => {
    const { success, data } = administrator.safeParse(body);
    if (!success)
      throw new Refusal('INVALID_INPUT', 'The administrator’s data is missing or invalid.', {
        field: 'body',
      });
    return { accountMade: await saveAdministrator(data) };
  });
  addDatabaseMaintenance(server, maintenance, onMoved);
}

const OPERATOR_TIMEOUT_MS = 30_000;

/** Sends the command to the server at this base URL. The secret authenticates it. */
export async function saveAdministratorAt(
  url: string,
  secret: string,
  person: Administrator,
): Promise<boolean> {
  const answer = await fetch(url + ADMINISTRATORS, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${signOperatorToken({ secret })}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(person),
    signal: AbortSignal.timeout(OPERATOR_TIMEOUT_MS),
  }).catch(({ cause, message }) => {
    throw new Error(`The server at ${url} cannot be reached: ${cause?.message ?? message}.`);
  });
  const { accountMade, message } = (await answer.json()) as { accountMade: boolean; message?: string };
  if (answer.ok) return accountMade;
  throw new Error(`The server at ${url} returned the status ${answer.status}: ${message}`);
}
