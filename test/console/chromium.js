import { existsSync } from 'node:fs';

// JavaScript, because jest's configuration imports it too.

/** The headless shell comes first, because it has no user interface to start. */
const places = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The system's Chromium, or the one that CHROMIUM names. Undefined if there is none. */
export const chromiumPath = () => process.env.CHROMIUM ?? places.find((path) => existsSync(path));
