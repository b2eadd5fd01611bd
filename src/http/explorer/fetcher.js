/** How GraphiQL reaches the graph: queries by POST, subscriptions over WebSocket, which can send no header. */
export function fetcherOptions(page, token) {
  const url = new URL('graphql', page).href;
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  return { url, headers, subscriptionUrl: url.replace(/^http/, 'ws'), wsConnectionParams: headers };
}
