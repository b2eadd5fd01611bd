import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { bothApis } from './both-apis.ts';
import { bothApisAccept } from './both-apis-accept.ts';

// The graph and the legacy API accept and refuse the same changes.

closeSharedApp();

describe('both APIs', bothApis);
describe('both APIs accept', bothApisAccept);
