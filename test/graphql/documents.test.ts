import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { abuse } from './abuse.ts';
import { apolloClient } from './apollo-client.ts';
import { apolloExecution } from './apollo-execution.ts';
import { cost } from './cost.ts';
import { dashboardOperations } from './dashboard-operations.ts';
import { documented } from './documented.ts';
import { execution } from './execution.ts';
import { lookAhead } from './look-ahead.ts';
import { plan } from './plan.ts';
import { trustedDocuments } from './trusted-documents.ts';
import { unwritable } from './unwritable.ts';
import { uploads } from './uploads.ts';
import { variables } from './variables.ts';
import { walks } from './walks.ts';

// The acceptance and the execution of documents.

closeSharedApp();

describe('abuse', abuse);
describe('trusted documents', trustedDocuments);
describe('documented', documented);
describe('operations', dashboardOperations);
describe('execution', execution);
describe('apollo client', apolloClient);
describe('apollo execution', apolloExecution);
describe('variables', variables);
describe('cost', cost);
describe('look ahead', lookAhead);
describe('plan', plan);
describe('walks', walks);
describe('uploads', uploads);
describe('unwritable', unwritable);
