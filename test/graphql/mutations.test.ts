import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { batches } from './batches.ts';
import { composedTitles } from './composed-titles.ts';
import { expectedVersion } from './expected-version.ts';
import { idempotency } from './idempotency.ts';
import { idsEverywhere } from './ids-everywhere.ts';
import { mutationsComputers } from './mutations-computers.ts';
import { mutationsGroups } from './mutations-groups.ts';
import { mutationsProfiles } from './mutations-profiles.ts';
import { mutationsScripts } from './mutations-scripts.ts';
import { sentBack } from './sent-back.ts';
import { staleVersions } from './stale-versions.ts';
import { tree } from './tree.ts';
import { viewerAndDuplicate } from './viewer-and-duplicate.ts';

// Changes and refusals of mutations.

closeSharedApp();

describe('mutations computers', mutationsComputers);
describe('mutations groups', mutationsGroups);
describe('mutations profiles', mutationsProfiles);
describe('mutations scripts', mutationsScripts);
describe('expected version', expectedVersion);
describe('idempotency', idempotency);
describe('sent back', sentBack);
describe('composed titles', composedTitles);
describe('viewer and duplicate', viewerAndDuplicate);
describe('batches', batches);
describe('stale versions', staleVersions);
describe('ids everywhere', idsEverywhere);
describe('tree', tree);
