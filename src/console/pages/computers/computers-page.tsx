import { useQuery } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { Page } from '../../components/page/page.tsx';
import { Tabs } from '../../components/page/tabs.tsx';
import { wholeNumber } from '../../format/count.ts';
import { AcceptedComputers } from './accepted-computers.tsx';
import { PendingComputers } from './pending-computers.tsx';

const NUMBERS = graphql(`
  query NumbersOfComputers {
    accepted: computers(first: 0) { totalCount }
    pending: computers(first: 0, filter: { status: PENDING }) { totalCount }
  }
`);

/** All computers that the viewer may see: those that scripts run on, and those that ask to join. */
export default function ComputersPage() {
  const { data, refetch } = useQuery(NUMBERS);
  const label = (name: string, number: number | undefined) =>
    number === undefined ? name : `${name} (${wholeNumber(number)})`;
  const reload = () => void refetch();
  return (
    <Page title="Computers">
      <Tabs
        label="Kinds of computers"
        tabs={[
          {
            key: 'accepted',
            label: label('Accepted', data?.accepted?.totalCount),
            content: () => <AcceptedComputers reloadNumbers={reload} />,
          },
          {
            key: 'pending',
            label: label('Pending', data?.pending?.totalCount),
            content: () => <PendingComputers reloadNumbers={reload} />,
          },
        ]}
      />
    </Page>
  );
}
