/** Sends GraphiQL's queries by POST, and its subscriptions over WebSocket, which can't send headers. */
export function fetcherOptions(page, token) {
  const url = new URL('graphql', page).href;
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  return { url, headers, subscriptionUrl: url.replace(/^http/, 'ws'), wsConnectionParams: headers };
}
