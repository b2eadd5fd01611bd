import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { authentication } from './authentication.ts';
import { bodies } from './bodies.ts';
import { legacyActions } from './legacy.ts';
import { paging } from './paging.ts';
import { paths } from './paths.ts';
import { sentBack } from './sent-back.ts';
import { wireForm } from './wire.ts';

// Requests and answers of the legacy API, by the parts of a request. All parts share one server: see shared-app.ts.

closeSharedApp();

describe('authentication', authentication);
describe('bodies', bodies);
describe('paths', paths);
describe('paging', paging);
describe('wire', wireForm);
describe('legacy', legacyActions);
describe('sent back', sentBack);
