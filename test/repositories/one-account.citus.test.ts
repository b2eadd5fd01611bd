import { SHARDS } from '../support/citus.ts';
import { shardGroupOf, watchShards } from '../support/visited-shards.ts';
import { oneAccount } from './one-account.ts';

// The tables are distributed by account, as the command does it. Citus reports the commands that it sends to workers.

oneAccount({
  parts: SHARDS,
  // A fresh database is distributed already.
  spread: async () => {},
  watch: watchShards,
  // Access groups and roles are on the coordinator too, so some requests need no worker.
  isBound: ({ statement }) => /\b(from|update|into)\b/i.test(statement),
  partOf: shardGroupOf,
});
