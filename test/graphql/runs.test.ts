import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { accountStatistics } from './account-statistics.ts';
import { computersSide } from './computers-side.ts';
import { forecast } from './forecast.ts';
import { runHistory } from './run-history.ts';
import { runs } from './runs.ts';
import { sameState } from './same-state.ts';
import { scriptRuns } from './script-runs.ts';
import { tagPreview } from './tag-preview.ts';

// Past, current and upcoming runs.

closeSharedApp();

describe('runs', runs);
describe('run history', runHistory);
describe('account statistics', accountStatistics);
describe('computers side', computersSide);
describe('same state', sameState);
describe('script runs', scriptRuns);
describe('forecast', forecast);
describe('tag preview', tagPreview);
