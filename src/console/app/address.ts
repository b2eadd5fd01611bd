/** The gateway's own origin. The console is at its root. */
const base = new URL('/', location.origin);

/** Address of an API of the gateway, such as `graphql`. */
export const addressOf = (path: string): string => new URL(path, base).href;

export const webSocketAddress = (path: string): string => addressOf(path).replace(/^http/, 'ws');

/**
 * Every request carries it. A page of another origin cannot send it without the gateway's permission, so the gateway
 * takes the session's cookie only with it.
 */
export const consoleHeader = { 'x-gateway-console': '1' };
