import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { atAGlance } from './at-a-glance.ts';
import { cacheIds } from './cache-ids.ts';
import { connectionArguments } from './connection-arguments.ts';
import { fewerColumns } from './fewer-columns.ts';
import { filters } from './filters.ts';
import { history } from './history.ts';
import { longTexts } from './long-texts.ts';
import { neighbours } from './neighbours.ts';
import { nodes } from './nodes.ts';
import { nulls } from './nulls.ts';
import { scriptFamily } from './script-family.ts';
import { statements } from './statements.ts';
import { textBounds } from './text-bounds.ts';

// The results and the costs of queries.

closeSharedApp();

describe('nodes', nodes);
describe('filters', filters);
describe('nulls', nulls);
describe('at a glance', atAGlance);
describe('history', history);
describe('cache ids', cacheIds);
describe('fewer columns', fewerColumns);
describe('connection arguments', connectionArguments);
describe('statements', statements);
describe('long texts', longTexts);
describe('text bounds', textBounds);
describe('script family', scriptFamily);
describe('neighbours', neighbours);
