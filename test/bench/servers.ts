import type { Environment } from '../reliability/process.ts';
import { gateway, Server } from '../reliability/server.ts';

/** The gateway as an operator serves it, without the limits that would stop a load. */
export const serveGateway = (databaseUrl: string, environment: Environment = {}): Promise<Server> =>
  gateway({
    ...{ DATABASE_URL: databaseUrl, NODE_ENV: 'production', SCHEDULER: 'off', SEED: 'none' },
    ...environment,
  }).start();

/** The limit, or a peer: written in TypeScript, and part of the bench. */
export const serveScript = (script: string, databaseUrl: string): Promise<Server> =>
  new Server({
    command: [process.execPath, '--import', 'tsx', `test/bench/${script}`],
    environment: {
      ...{ DATABASE_URL: databaseUrl, NODE_ENV: 'production', PORT: '0' },
      // The peers' own, because the project's leaves them out.
      TSX_TSCONFIG_PATH: 'test/bench/peers/tsconfig.json',
    },
  }).start();
