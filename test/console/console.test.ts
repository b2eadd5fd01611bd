import { describe } from '@jest/globals';
import { closeBrowser } from './browser.ts';
import { everyPage } from './every-page.ts';
import { frame } from './frame.ts';
import { logIn } from './log-in.ts';
import { profile } from './profile.ts';
import { profileForm } from './profile-form.ts';
import { profiles } from './profiles.ts';
import { weight } from './weight.ts';

// The console in a real browser, against a real server with the demonstration.

closeBrowser();

describe('the log-in', logIn);
describe('the frame of the pages', frame);
describe('the list of script profiles', profiles);
describe('the page of a script profile', profile);
describe('the form of a script profile', profileForm);
describe('each page', everyPage);
describe('the weight', weight);
