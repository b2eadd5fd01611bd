import { Button, Input } from '@canonical/react-components';
import { type FormEvent, useState } from 'react';
import { logIn } from './session.ts';
import { useAttempt } from './use-attempt.tsx';

/** Log-in with e-mail address and password. */
export function PasswordForm() {
  const { attempt, busy, refusal } = useAttempt();
  const [choosesAccount, setChoosesAccount] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const value = (name: string) => String(fields.get(name) ?? '');
    const account = value('account').trim();
    attempt(() => logIn({ email: value('email'), password: value('password'), ...(account && { account }) }));
  };
  return (
    <form onSubmit={submit}>
      {refusal}
      <Input type="email" name="email" label="E-mail" autoComplete="username" required autoFocus />
      <Input type="password" name="password" label="Password" autoComplete="current-password" required />
      {choosesAccount ? (
        <Input
          type="text"
          name="account"
          label="Account"
          autoComplete="organization"
          help="Name of the account. Defaults to your default account."
          autoFocus
        />
      ) : (
        <p>
          <Button type="button" appearance="link" onClick={() => setChoosesAccount(true)}>
            Choose an account
          </Button>
        </p>
      )}
      <Button type="submit" appearance="positive" disabled={busy}>
        {busy ? 'Logging in …' : 'Log in'}
      </Button>
    </form>
  );
}
