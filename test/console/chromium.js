import { existsSync } from 'node:fs';

// JavaScript, because jest's configuration imports it too.

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's Chromium, or the one that CHROMIUM names. Undefined if there is none. */
export const chromiumPath = () => process.env.CHROMIUM ?? places.find((path) => existsSync(path));
