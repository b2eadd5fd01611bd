import { describe } from '@jest/globals';
import { herd } from './herd.ts';
import { races } from './races.ts';

// Several schedulers on one database.

describe('herd', herd);
describe('races', races);
