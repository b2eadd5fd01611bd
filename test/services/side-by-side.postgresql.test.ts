import { describe } from '@jest/globals';
import { computerConcurrency } from './computer-concurrency.ts';
import { concurrency } from './concurrency.ts';
import { idempotency } from './idempotency.ts';
import { neighboursConcurrency } from './neighbours-concurrency.ts';
import { previews } from './previews.ts';

// Use cases that run concurrently.

describe('computer concurrency', computerConcurrency);
describe('concurrency', concurrency);
describe('idempotency', idempotency);
describe('neighbours concurrency', neighboursConcurrency);
describe('previews', previews);
