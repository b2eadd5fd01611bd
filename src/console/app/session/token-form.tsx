import { Button, Input } from '@canonical/react-components';
import { type FormEvent, useEffect } from 'react';
import { logInWithToken } from './session.ts';
import { useAttempt } from './use-attempt.tsx';

/**
 * Log-in with a token, which the gateway exchanges for a session. It is the way in for people of an outside issuer,
 * whose access tokens the gateway accepts. A token in the address is tried at once.
 */
export function TokenForm({ token }: { readonly token: string | undefined }) {
  const { attempt, busy, refusal } = useAttempt();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each token
  useEffect(() => {
    if (token) attempt(() => logInWithToken(token));
  }, [token]);
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
        help="An access token of your identity provider, or the token that npm run token prints."
      />
      <Button type="submit" appearance="positive" disabled={busy}>
        {busy ? 'Logging in …' : 'Log in'}
      </Button>
    </form>
  );
}
