import { describe } from '@jest/globals';
import { issuer } from './issuer.ts';
import { openStreams } from './open-streams.ts';
import { tokens } from './tokens.ts';

// The origin and the identity of a request.

describe('tokens', tokens);
describe('issuer', issuer);
describe('an open stream', openStreams);
