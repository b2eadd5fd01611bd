import { Button, Input } from '@canonical/react-components';
import { type FormEvent, useEffect } from 'react';
import { Logo } from '../shell/logo.tsx';
import { createFirstAccount } from './session.ts';
import { useAttempt } from './use-attempt.tsx';

/** Creates the account of an empty installation, with its administrator, and logs them in. */
export function FirstAccountPage() {
  const { attempt, busy, refusal } = useAttempt('Not created');
  useEffect(() => {
    document.title = 'First account · Script profiles';
  }, []);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const value = (name: string) => String(fields.get(name));
    attempt(() =>
      createFirstAccount({ name: value('name'), email: value('email'), password: value('password') }),
    );
  };
  return (
    <main className="log-in" aria-labelledby="first-title">
      <div className="log-in__card">
        <Logo />
        <h1 id="first-title" className="p-heading--4">
          Create the first account
        </h1>
        <p>This gateway has no account yet. Its first person becomes the administrator.</p>
        <form onSubmit={submit}>
          {refusal}
          <Input type="text" name="name" label="Your name" autoComplete="name" required autoFocus />
          <Input type="email" name="email" label="E-mail" autoComplete="username" required />
          <Input type="password" name="password" label="Password" autoComplete="new-password" required />
          <Button type="submit" appearance="positive" disabled={busy}>
            Create account
          </Button>
        </form>
      </div>
    </main>
  );
}
