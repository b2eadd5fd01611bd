import { describe } from '@jest/globals';
import { consolePage } from './console-page.ts';
import { consoleSession } from './console-session.ts';
import { sessionCookie } from './session-cookie.ts';
import { sessionOverWebSocket } from './session-over-websocket.ts';

// What the server does for the web console: its files, its session, and the cookie that authenticates its requests.

describe('the page', consolePage);
describe('the session', consoleSession);
describe('the session cookie over HTTP', sessionCookie);
describe('the session cookie over WebSocket', sessionOverWebSocket);
