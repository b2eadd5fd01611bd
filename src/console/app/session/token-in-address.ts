/**
 * Takes the token out of an address such as `…/#token=eyJ…`, so that it is neither in the history nor copied with the
 * address. An identity provider's page, and the link that the first start prints, send a person here with it.
 */
export function tokenInAddress(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;
  if (token) history.replaceState(history.state, '', location.pathname + location.search);
  return token;
}
