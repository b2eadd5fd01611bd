import { describe } from '@jest/globals';
import { administration } from './administration.ts';
import { closeBrowser } from './browser.ts';
import { calendar } from './calendar.ts';
import { everyPage } from './every-page.ts';
import { frame } from './frame.ts';
import { logIn } from './log-in.ts';
import { overview } from './overview.ts';
import { profiles } from './profiles.ts';
import { runs } from './runs.ts';
import { weight } from './weight.ts';

// The console in a real browser, against a real server with the demonstration.

closeBrowser();

describe('the log-in', logIn);
describe('the frame of the pages', frame);
describe('the list of script profiles', profiles);
describe('computers', computers);
describe('scripts', scripts);
describe('administration', administration);
describe('each page', everyPage);
describe('the weight', weight);
