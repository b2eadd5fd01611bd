import { makeVar } from '@apollo/client';
import { addressOf } from '../address.ts';
import { send } from './requests.ts';

/**
 * Whether the browser has a session. `expired` keeps the page with what was typed into it, behind the log-in. `first`:
 * there is no account yet.
 */
export type Session = 'asking' | 'first' | 'none' | 'expired' | 'open' | 'unreachable';

export const session = makeVar<Session>('asking');

/** Name of the outside issuer whose tokens the gateway accepts. Null if none is configured. */
export const issuer = makeVar<string | null>(null);

/** Whose session it is. */
interface Holder {
  readonly email: string;
  readonly current_account: string;
}

let holder: Holder | undefined;

/** Finds out whether there is a session. */
export async function ask(): Promise<void> {
  try {
    const found = await send<{ issuer: string | null; expiresAt: string | null }>('session', {
      method: 'GET',
    });
    issuer(found.issuer);
    if (found.expiresAt) session('open');
    else if (session() === 'open') expire();
    else session((await hasAccount()) ? 'none' : 'first');
  } catch {
    if (session() === 'asking') session('unreachable');
  }
}

async function hasAccount(): Promise<boolean> {
  const { exists } = await send<{ exists: boolean }>('api/v2/standalone-account', { method: 'GET' });
  return exists;
}

/** Remembers whose session it is, so that another person's log-in starts with an empty page. */
export function noteHolder(email: string, current_account: string): void {
  holder = { email, current_account };
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Name of the account. Defaults to the person's default account. */
  readonly account?: string;
}

/** @throws Refused */
export async function logIn(credentials: Credentials): Promise<void> {
  open(await send<Holder>('api/v2/login', { body: credentials }));
}

/** Creates the account of an empty installation, and logs its administrator in. @throws Refused */
export async function createFirstAccount(person: Credentials & { readonly name: string }): Promise<void> {
  await send('api/v2/standalone-account', { body: person });
  await logIn({ email: person.email, password: person.password });
}

/** Exchanges a token, such as one of the outside issuer, for a session of the same person. @throws Refused */
export async function logInWithToken(token: string): Promise<void> {
  await send('session', { token });
  open(await send<Holder>('api/v2/me', { method: 'GET' }));
}

/** Moves the session to another account of the same person. @throws Refused */
export async function moveSession(token: string): Promise<void> {
  await send('session', { token });
  // Everything on every page is of the other account.
  location.assign(addressOf('/'));
}

/** @throws Refused */
export async function logOut(): Promise<void> {
  await send('api/v2/logout');
  location.assign(addressOf('/'));
}

/** The gateway refused the session. */
export function expire(): void {
  if (session() === 'open') session('expired');
}

function open({ email, current_account }: Holder): void {
  // Another person must not see what the last one had opened.
  if (holder && (holder.email !== email || holder.current_account !== current_account)) location.reload();
  else session('open');
}

const PAUSE_MS = 2000;

/** Resolves when there is a session, after a pause where there seems to be one already. */
export async function untilOpen(): Promise<void> {
  if (session() === 'open') {
    await new Promise((done) => setTimeout(done, PAUSE_MS));
    await ask();
  }
  while (session() !== 'open') await new Promise<unknown>((done) => session.onNextChange(done));
}
