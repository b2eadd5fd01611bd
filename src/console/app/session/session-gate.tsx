import { useApolloClient, useReactiveVar } from '@apollo/client/react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Loading } from '../../components/page/loading.tsx';
import { FirstAccountPage } from './first-account-page.tsx';
import { LogInPage } from './log-in-page.tsx';
import { session } from './session.ts';
import { Unreachable } from './unreachable.tsx';

/**
 * Shows the page if there is a session, or else the log-in at the same address. A session that expires covers the page
 * with the log-in, so that nothing that was typed is lost.
 */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const state = useReactiveVar(session);
  const client = useApolloClient();
  const wasExpired = useRef(false);
  useEffect(() => {
    if (state === 'expired') wasExpired.current = true;
    if (state !== 'open' || !wasExpired.current) return;
    wasExpired.current = false;
    // The page asked in vain meanwhile.
    void client.refetchQueries({ include: 'active' });
  }, [state, client]);
  if (state === 'asking') return <Loading label="Connecting to the gateway" />;
  if (state === 'unreachable') return <Unreachable />;
  if (state === 'first') return <FirstAccountPage />;
  if (state === 'none') return <LogInPage />;
  return (
    <>
      <div {...(state === 'expired' && { inert: '' })}>{children}</div>
      {state === 'expired' && (
        <div className="log-in-again">
          <LogInPage expired />
        </div>
      )}
    </>
  );
}
