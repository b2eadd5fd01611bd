import { Icon } from '@canonical/react-components';
import { Link } from 'react-router';
import { count } from '../../format/count.ts';

/** Says that nothing is wrong now. Runs that failed earlier have been followed by better ones. */
export function AllWell({ failedRuns }: { readonly failedRuns: number }) {
  return (
    <p className="all-well">
      <Icon name="success" /> Nothing needs attention.
      {failedRuns > 0 && (
        <>
          {' '}
          <Link to="/runs?state=FAILED&since=day">
            {count(failedRuns, 'run')} failed in the last 24 hours
          </Link>
          , but the latest run of each profile did not.
        </>
      )}
    </p>
  );
}
