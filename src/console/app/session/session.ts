import { makeVar } from '@apollo/client';
import { addressOf, consoleHeader } from '../address.ts';

/**
 * Whether the browser has a session. The session itself is a cookie that no script can read. `expired` keeps the page
 * with what was typed into it, behind the log-in.
 */
export type Session = 'asking' | 'none' | 'expired' | 'open' | 'unreachable';

export const session = makeVar<Session>('asking');

/** The person of the session, as the log-in API shows them. */
export interface Person {
  readonly email: string;
  readonly current_account: string;
}

let person: Person | undefined;

/** A log-in that the gateway refused, with its reason. */
export class Refused extends Error {}

/** @throws Refused */
async function send(path: string, { method = 'POST', body, token }: Request = {}): Promise<Partial<Person>> {
  const answer = await fetch(addressOf(`api/v2/${path}`), {
    method,
    credentials: 'same-origin',
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

interface Request {
  readonly method?: 'GET' | 'POST';
  readonly body?: object;
  readonly token?: string;
}

/** Finds out at the start whether there is a session. Without one the gateway answers with an empty object. */
export async function ask(): Promise<void> {
  try {
    open((await send('me', { method: 'GET' })) as Person);
  } catch {
    session('unreachable');
  }
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Name of the account. Defaults to the person's default account. */
  readonly account?: string;
}

/** @throws Refused */
export const logIn = async (credentials: Credentials): Promise<void> =>
  open((await send('login', { body: credentials })) as Person);

/** Exchanges a token, such as one of an outside issuer, for a session of the same person. @throws Refused */
export async function logInWithToken(token: string): Promise<void> {
  const { current_account: account_name } = await send('me', { method: 'GET', token });
  if (!account_name) throw new Refused('The token is not valid, or its person is not in its account.');
  await send('switch-account', { body: { account_name }, token });
  await ask();
}

/** @throws Refused */
export async function switchAccount(account_name: string): Promise<void> {
  await send('switch-account', { body: { account_name } });
  // Everything on every page is of the other account.
  location.assign(addressOf('.'));
}

/** @throws Refused */
export async function logOut(): Promise<void> {
  await send('logout');
  location.assign(addressOf('.'));
}

/** The gateway refused the session. */
export const expire = (): void => {
  if (session() === 'open') session('expired');
};

function open(found: Person): void {
  if (!found.email) {
    session('none');
    return;
  }
  const isOther =
    person && (person.email !== found.email || person.current_account !== found.current_account);
  // Another person must not see what the last one had opened.
  if (isOther) location.reload();
  person = found;
  session('open');
}

/** Resolves when there is a session, after a pause where there seems to be one already. */
export function untilOpen(): Promise<void> {
  if (session() === 'open') {
    // Whether it really is open only the gateway knows.
    const wait = new Promise<void>((done) => setTimeout(done, 2000));
    return wait.then(() => ask());
  }
  return new Promise((done) => {
    const check = (now: Session) => {
      if (now === 'open') done();
      else session.onNextChange(check);
    };
    session.onNextChange(check);
  });
}
