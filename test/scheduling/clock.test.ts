import { describe } from '@jest/globals';
import { firing } from './firing.ts';
import { forecast } from './forecast.ts';
import { overdue } from './overdue.ts';
import { reportedBugs } from './reported-bugs.ts';
import { runs } from './runs.ts';
import { scheduler } from './scheduler.ts';
import { slots } from './slots.ts';

// The slots that the scheduler fires, and their times.

describe('firing', firing);
describe('forecast', forecast);
describe('overdue', overdue);
describe('reported bugs', reportedBugs);
describe('runs', runs);
describe('scheduler', scheduler);
describe('slots', slots);
