import { describe } from '@jest/globals';
import { administration } from '../console/administration.ts';
import { closeBrowser } from '../console/browser.ts';
import { calendar } from '../console/calendar.ts';
import { computers } from '../console/computers.ts';
import { everyPage } from '../console/every-page.ts';
import { forbidden } from '../console/forbidden.ts';
import { frame } from '../console/frame.ts';
import { overview } from '../console/overview.ts';
import { profile } from '../console/profile.ts';
import { profileForm } from '../console/profile-form.ts';
import { runs } from '../console/runs.ts';
import { scripts } from '../console/scripts.ts';

// The flows of the console's pages, in a real browser against a real server with the demonstration.

closeBrowser();

describe('the frame of the pages', frame);
describe('the page of a script profile', profile);
describe('the form of a script profile', profileForm);
describe('the runs', runs);
describe('the overview', overview);
describe('the calendar', calendar);
describe('computers', computers);
describe('scripts', scripts);
describe('administration', administration);
describe('missing permissions', forbidden);
describe('each page', everyPage);
