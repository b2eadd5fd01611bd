import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { eventStreams } from './event-streams.ts';
import { slowConsumers } from './slow-consumers.ts';
import { websockets } from './websockets.ts';

// The transports of subscriptions.

closeSharedApp();

describe('event streams', eventStreams);
describe('slow consumers', slowConsumers);
describe('websockets', websockets);
