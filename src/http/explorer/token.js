/** The token in pasted text: quotes, `Bearer` and the name of a header are left out. */
export const tokenIn = (text) => /[\w-]+\.[\w-]+\.[\w-]+/.exec(text)?.[0] ?? text.trim();

/** The token in the fragment of the page's address, which a browser sends to no server. */
export const tokenInFragment = (hash) => new URLSearchParams(hash.slice(1)).get('token') ?? undefined;
