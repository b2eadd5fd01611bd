import { describe } from '@jest/globals';
import { closeBrowser } from './browser.ts';
import { logIn } from './log-in.ts';
import { profiles } from './profiles.ts';
import { weight } from './weight.ts';

// The console in a real browser, against a real server with the demonstration. test/slow/console-pages has the flows of
// all other pages, which take minutes.

closeBrowser();

describe('the log-in', logIn);
describe('the list of script profiles', profiles);
describe('the weight', weight);
