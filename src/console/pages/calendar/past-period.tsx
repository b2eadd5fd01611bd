import { Link } from 'react-router';
import { EmptyState } from '../../components/page/empty-state.tsx';

/** Shown where a link leads to a time that is over. */
export const PastPeriod = () => (
  <EmptyState title="This period is over." icon="history">
    <p>The calendar shows runs that will come.</p>
    <Link to="/runs">Go to the runs that started</Link>
  </EmptyState>
);
