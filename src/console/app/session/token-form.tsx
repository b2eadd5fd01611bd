import { Button, Input } from '@canonical/react-components';
import type { FormEvent } from 'react';
import { logInWithToken } from './session.ts';
import { useAttempt } from './use-attempt.tsx';

/**
 * Log-in with a token, which the gateway exchanges for a session. It is the way in for people of an outside issuer. A
 * token is never taken from the address, because a link could contain the token of its sender.
 */
export function TokenForm() {
  const { attempt, busy, refusal } = useAttempt();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = String(new FormData(event.currentTarget).get('token')).trim();
    attempt(() => logInWithToken(given));
  };
  return (
    <form onSubmit={submit}>
      {refusal}
      <Input
        type="password"
        name="token"
        label="Token"
        autoComplete="off"
        required
        autoFocus
        help="An access token, without the word Bearer."
      />
      <Button type="submit" appearance="positive" disabled={busy}>
        {busy ? 'Logging in …' : 'Log in'}
      </Button>
    </form>
  );
}
