/** The token in pasted text, without quotes, `Bearer` or the name of a header. */
export const tokenIn = (text) => /[\w-]+\.[\w-]+\.[\w-]+/.exec(text)?.[0] ?? text.trim();

/** The token in the fragment of the page's URL, which browsers do not send to servers. */
export const tokenInFragment = (hash) => new URLSearchParams(hash.slice(1)).get('token') ?? undefined;
