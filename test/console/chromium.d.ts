/** The system’s Chromium, or the one that CHROMIUM names. Undefined if there is none. */
export function chromiumPath(): string | undefined;
