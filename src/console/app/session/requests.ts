import { addressOf, consoleHeader } from '../address.ts';

/** A request that the gateway refused, with its reason. */
export class Refused extends Error {}

interface Options {
  readonly method?: 'GET' | 'POST';
  readonly body?: object;
  readonly token?: string;
}

/**
 * Sends a request about the session. The gateway keeps the session in a cookie that no script can read. A token in its
 * answer is dropped.
 * @throws Refused
 */
export async function send<Content>(
  path: string,
  { method = 'POST', body, token }: Options = {},
): Promise<Content> {
  const answer = await fetch(addressOf(path), {
    method,
    headers: {
      ...consoleHeader,
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: body && JSON.stringify(body),
  }).catch(() => {
    throw new Refused('The gateway does not answer.');
  });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(content.message ?? `The gateway answers with status ${answer.status}.`);
  return content;
}
