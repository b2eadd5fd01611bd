import { describe } from '@jest/globals';
import { attacks } from './attacks.ts';
import { canary } from './canary.ts';
import { cors } from './cors.ts';
import { introspection } from './introspection.ts';
import { masked } from './masked.ts';
import { rateLimit } from './rate-limit.ts';

// Protection against attackers.

describe('attacks', attacks);
describe('canary', canary);
describe('cors', cors);
describe('introspection', introspection);
describe('masked', masked);
describe('rate limit', rateLimit);
