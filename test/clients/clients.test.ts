import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { apolloClient } from './apollo-client.ts';
import { documentedConfig } from './documented-config.ts';
import { relay } from './relay.ts';
import { urql } from './urql.ts';

// The client libraries of dashboards, each with the configuration in docs/clients.md. test/slow/codegen.test.ts tests
// generated types.

closeSharedApp();

describe('the documented configuration', documentedConfig);
describe('Apollo Client', apolloClient);
describe('urql', urql);
describe('Relay', relay);
