import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { bothDoors } from './both-doors.ts';
import { bothDoorsAccept } from './both-doors-accept.ts';

// The graph and the legacy API do the same.

closeSharedApp();

describe('both doors', bothDoors);
describe('both doors accept', bothDoorsAccept);
