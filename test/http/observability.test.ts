import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { metrics } from './metrics.ts';
import { requestLog } from './request-log.ts';
import { tracing } from './tracing.ts';

// Data for operators.

closeSharedApp();

describe('metrics', metrics);
describe('request log', requestLog);
describe('tracing', tracing);
