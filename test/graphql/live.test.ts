import { describe } from '@jest/globals';
import { closeSharedApp } from '../support/shared-app.ts';
import { events } from './events.ts';
import { followedThings } from './followed-things.ts';
import { logIn } from './log-in.ts';
import { logInEvents } from './log-in-events.ts';
import { reconnecting } from './reconnecting.ts';
import { subscribers } from './subscribers.ts';
import { subscriptions } from './subscriptions.ts';

// Subscriptions, the event log and log-ins.

closeSharedApp();

describe('subscriptions', subscriptions);
describe('subscribers', subscribers);
describe('followed things', followedThings);
describe('reconnecting', reconnecting);
describe('events', events);
describe('log in', logIn);
describe('log in events', logInEvents);
