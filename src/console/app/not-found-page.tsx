import { Link } from 'react-router';
import { EmptyState } from '../components/page/empty-state.tsx';
import { Page } from '../components/page/page.tsx';

/** An address that is no page, or the page of an object that does not exist for this person. */
export function NotFoundPage({ what = 'page' }: { readonly what?: string }) {
  return (
    <Page title={`No such ${what}`}>
      <EmptyState title={`This ${what} does not exist, or you may not view it.`} icon="search">
        <Link to="/">Go to the overview</Link>
      </EmptyState>
    </Page>
  );
}
