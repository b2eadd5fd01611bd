import { useReactiveVar } from '@apollo/client/react';
import { Button } from '@canonical/react-components';
import { useEffect, useState } from 'react';
import { Logo } from '../shell/logo.tsx';
import { PasswordForm } from './password-form.tsx';
import { issuer } from './session.ts';
import { TokenForm } from './token-form.tsx';

/** Logs a person in. `expired`: in front of a page whose session has ended. */
export function LogInPage({ expired = false }: { readonly expired?: boolean }) {
  const provider = useReactiveVar(issuer);
  const [hasToken, setHasToken] = useState(false);
  useEffect(() => {
    if (!expired) document.title = 'Log in · Script profiles';
  }, [expired]);
  return (
    <main className="log-in" aria-labelledby="log-in-title">
      <div className="log-in__card">
        <Logo />
        <h1 id="log-in-title" className="p-heading--4">
          {expired ? 'Log in again' : 'Log in'}
        </h1>
        {expired && <p>Your session has ended. What you typed is still there after you log in.</p>}
        {hasToken ? <TokenForm /> : <PasswordForm />}
        <p className="log-in__other">
          <Button appearance="link" onClick={() => setHasToken(!hasToken)}>
            {hasToken
              ? 'Log in with a password'
              : provider
                ? `Log in with a token of ${provider}`
                : 'Log in with a token'}
          </Button>
        </p>
      </div>
    </main>
  );
}
