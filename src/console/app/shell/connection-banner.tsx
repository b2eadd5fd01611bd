import { useReactiveVar } from '@apollo/client/react';
import { Icon } from '@canonical/react-components';
import { Time } from '../../components/time.tsx';
import { connection } from '../connection.ts';

/** Says that the page no longer hears of changes, from when on, and that it tries again. */
export function ConnectionBanner() {
  const now = useReactiveVar(connection);
  return (
    <div role="status">
      {now.state === 'lost' && (
        <p className="connection-banner">
          <Icon name="warning" />
          <span>
            <strong>The connection to the gateway is lost.</strong> This page may be out of date since{' '}
            <Time at={now.since} />. Trying again …
          </span>
        </p>
      )}
    </div>
  );
}
