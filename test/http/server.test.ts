import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { address } from './address.ts';
import { encodings } from './encodings.ts';
import { graphqlOverHttp } from './graphql-over-http.ts';
import { health } from './health.ts';
import { messages } from './messages.ts';
import { oneReading } from './one-reading.ts';
import { server } from './server.ts';
import { stopping } from './stopping.ts';

// How the server accepts and answers requests.

closeSharedApp();

describe('server', server);
describe('address', address);
describe('health', health);
describe('stopping', stopping);
describe('graphql over http', graphqlOverHttp);
describe('messages', messages);
describe('one reading', oneReading);
describe('encodings', encodings);
