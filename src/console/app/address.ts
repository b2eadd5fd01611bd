/** Address of the console: the gateway's own, also below the prefix of a proxy. */
const base = new URL('.', document.baseURI);

/** Path before the paths of the pages, for the router. */
export const basename = base.pathname;

/** Address of an API of the gateway, such as `graphql`. */
export const addressOf = (path: string): string => new URL(path, base).href;

export const webSocketAddress = (path: string): string => addressOf(path).replace(/^http/, 'ws');

/**
 * Every request carries it. A page of another origin cannot send it without the gateway's permission, so the gateway
 * takes the session's cookie only with it.
 */
export const consoleHeader = { 'x-gateway-console': '1' };
