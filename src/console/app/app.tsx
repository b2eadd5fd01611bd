import { ApolloProvider } from '@apollo/client/react';
import { ToastNotificationProvider } from '@canonical/react-components';
import { BrowserRouter } from 'react-router';
import { client } from './client.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Pages } from './routes.tsx';
import { SessionGate } from './session/session-gate.tsx';
import { Shell } from './shell/shell.tsx';

export function App() {
  return (
    <ErrorBoundary>
      <ApolloProvider client={client}>
        <ToastNotificationProvider>
          <BrowserRouter>
            <SessionGate>
              <Shell>
                <Pages />
              </Shell>
            </SessionGate>
          </BrowserRouter>
        </ToastNotificationProvider>
      </ApolloProvider>
    </ErrorBoundary>
  );
}
