import { describe } from '@jest/globals';
import { association } from './association.ts';
import { changes } from './changes.ts';
import { executions } from './executions.ts';
import { microseconds } from './microseconds.ts';
import { searchQuery } from './search-query.ts';

// The computers that runs reach, and the outcome of runs.

describe('association', association);
describe('changes', changes);
describe('executions', executions);
describe('microseconds', microseconds);
describe('search query', searchQuery);
