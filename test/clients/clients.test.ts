import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { apolloClient } from './apollo-client.ts';
import { documentedConfig } from './documented-config.ts';
import { relay } from './relay.ts';
import { urql } from './urql.ts';

// What dashboards are built with, each with the configuration of docs/clients.md. test/slow/codegen.test.ts has generated types.

closeSharedApp();

describe('the documented configuration', documentedConfig);
describe('Apollo Client', apolloClient);
describe('urql', urql);
describe('Relay', relay);
