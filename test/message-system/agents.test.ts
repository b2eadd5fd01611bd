import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { agentComputers } from './computers.ts';
import { exchanges } from './exchange.ts';
import { registrations } from './registration.ts';

// Agents that register, exchange messages and report data of their computers. All parts share a server, see shared-app.ts.

closeSharedApp();

describe('exchange', exchanges);
describe('registration', registrations);
describe('computers', agentComputers);
