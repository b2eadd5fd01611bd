import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, expect } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.ts';
import { ensureBuilt, root } from '../support/build.ts';
import { waitUntil } from '../support/waiting.ts';
import { chromiumPath } from './chromium.js';

// One browser and one server for all parts of the suite. Each visit has cookies and storage of its own.

export const PASSWORD = 'a password of the console';
/** Longer than any page takes, so that a busy machine does not decide. */
const GIVE_UP_AFTER_MS = 120_000;

let started: Promise<{ app: TestApp; browser: Browser; axe: string }> | undefined;

const start = async () => {
  await ensureBuilt();
  const app = await startApp({
    seed: 'demo',
    now: () => `${new Date().toISOString().slice(0, -1)}000Z`,
    consoleFolder: `${root}/dist/console`,
  });
  await app.setPassword(PASSWORD);
  const executablePath = chromiumPath();
  // The sandbox does not work for root, who runs CI.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  return { app, browser, axe };
};

/** The server of the suite, with the demonstration. */
export async function sharedServer(): Promise<TestApp> {
  started ??= start();
  return (await started).app;
}

/** Closes the browser and the server. Call it once in the suite. */
export const closeBrowser = () =>
  afterAll(async () => {
    const { app, browser } = (await started) ?? {};
    await browser?.close();
    await app?.close();
  });

interface Look {
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  readonly timeZone?: string;
  /** Whether the visit starts with the session of John Smith. Defaults to true. */
  readonly isLoggedIn?: boolean;
  /** Messages in the browser's console that the test causes, such as a refused request. */
  readonly expects?: RegExp;
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Opens an address of the console. */
  open(path: string): Promise<void>;
  /** Opens an address, and waits until all parts of the page have loaded. */
  openLoaded(path: string): Promise<void>;
  /** The rules of axe that the page breaks, with the elements. */
  faults(): Promise<string[]>;
}

/**
 * Lets a test use the console in a window of its own. Fails if the browser's console has an error, or if a request goes
 * to another origin.
 */
export async function visit(use: (visit: Visit) => Promise<void>, look: Look = {}): Promise<void> {
  const { width = 1440, theme = 'light', timeZone = 'UTC', isLoggedIn = true, expects } = look;
  started ??= start();
  const { app, browser, axe } = await started;
  const viewport = { width, height: width < 600 ? 844 : 900 };
  const context = await browser.newContext({ viewport, colorScheme: theme, timezoneId: timeZone });
  context.setDefaultTimeout(GIVE_UP_AFTER_MS);
  const errors: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  context.on('weberror', (error) => errors.push(error.error().message));
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== app.url && protocol !== 'data:') errors.push(`request to ${request.url()}`);
  });
  try {
    if (isLoggedIn) await logInAs(context, app, 'john@example.com');
    const page = await context.newPage();
    const open = async (path: string) => {
      await page.goto(app.url + path);
    };
    await use({
      page,
      context,
      open,
      openLoaded: async (path) => {
        await open(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await waitUntil(
          `${path} has loaded`,
          () => page.locator('.loading').count(),
          (left) => left === 0,
        );
      },
      faults: () => faultsOf(page, axe),
    });
    expect(errors.filter((error) => !expects?.test(error))).toEqual([]);
  } finally {
    await context.close();
  }
}

/** Gives the window a session, as the log-in page does. */
export async function logInAs(context: BrowserContext, app: TestApp, email: string): Promise<void> {
  const answer = await context.request.post(`${app.url}/api/v2/login`, {
    headers: { 'x-gateway-console': '1' },
    data: { email, password: PASSWORD },
  });
  expect(answer.status()).toBe(200);
}

/** Menus and dialogs of react-components are beside the page's landmarks, which assistive technology copes with. */
const NOT_RULES = ['region', 'landmark-no-duplicate-banner', 'landmark-unique'];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function faultsOf(page: Page, axe: string): Promise<string[]> {
  // Not as a script element, which the page's policy forbids.
  await page.evaluate(axe);
  const rules = Object.fromEntries(NOT_RULES.map((rule) => [rule, { enabled: false }]));
  const violations = (await page.evaluate(
    `axe.run(${JSON.stringify({ runOnly: RULES, rules })}).then(({ violations }) => violations)`,
  )) as { id: string; nodes: { html: string }[] }[];
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
