import { ApolloProvider } from '@apollo/client/react';
import { ToastNotificationProvider } from '@canonical/react-components';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { client } from './client.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Pages } from './routes.tsx';
import { SessionGate } from './session/session-gate.tsx';
import { Shell } from './shell/shell.tsx';

/** A data router, because only it can ask before a form with changes is left. */
const router = createBrowserRouter([
  {
    path: '*',
    element: (
      <ErrorBoundary>
        <SessionGate>
          <Shell>
            <Pages />
          </Shell>
        </SessionGate>
      </ErrorBoundary>
    ),
  },
]);

export function App() {
  return (
    <ErrorBoundary>
      <ApolloProvider client={client}>
        <ToastNotificationProvider>
          <RouterProvider router={router} />
        </ToastNotificationProvider>
      </ApolloProvider>
    </ErrorBoundary>
  );
}
