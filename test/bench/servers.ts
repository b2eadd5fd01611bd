import type { Environment } from '../reliability/process.ts';
import { gateway, Server } from '../reliability/server.ts';

/** Starts the gateway as an operator does, but without the limits that would stop the load. */
export const serveGateway = (databaseUrl: string, environment: Environment = {}): Promise<Server> =>
  gateway({
    ...{ DATABASE_URL: databaseUrl, NODE_ENV: 'production', SCHEDULER: 'off', SEED: 'none' },
    // A page of 1,000 profiles with their results costs more than the default allows.
    GRAPH_MAX_COST: '100000',
    ...environment,
  }).start();

/** Starts the upper-bound server or a peer. They are written in TypeScript and part of the benchmark. */
export const serveScript = (script: string, databaseUrl: string): Promise<Server> =>
  new Server({
    command: [process.execPath, '--import', 'tsx', `test/bench/${script}`],
    environment: {
      ...{ DATABASE_URL: databaseUrl, NODE_ENV: 'production', PORT: '0' },
      // The project's tsconfig.json excludes the peers, so they have their own.
      TSX_TSCONFIG_PATH: 'test/bench/peers/tsconfig.json',
    },
  }).start();
