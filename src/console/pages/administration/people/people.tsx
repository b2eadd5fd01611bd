import { useQuery } from '@apollo/client/react';
import { Button } from '@canonical/react-components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { graphql } from '../../../app/graphql.ts';
import { useMay } from '../../../app/session/viewer.ts';
import { Loaded } from '../../../components/page/loaded.tsx';
import { ConnectionTable } from '../../../components/table/connection-table.tsx';
import { type Filter, ListToolbar } from '../../../components/table/list-toolbar.tsx';
import { NoMatch } from '../../../components/table/no-match.tsx';
import { useListUrl } from '../../../components/table/use-list-url.ts';
import { withPrevious } from '../../../components/table/with-previous.ts';
import { count } from '../../../format/count.ts';
import type { PersonOrderField } from '../../../generated/graphql.ts';
import { personActions } from './person-actions.ts';
import type { PersonAsk } from './person-ask.ts';
import { personColumns } from './person-columns.tsx';
import { PersonDialogs } from './person-dialogs.tsx';

const PEOPLE = graphql(`
  query People($first: Int, $after: String, $filter: PersonFilter, $orderBy: PersonOrder) {
    persons(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id ...PersonRow } }
    }
  }
`);

const ROLES = graphql(`
  query RolesForPeople { roles { id databaseId name description } }
`);

const PAGE_SIZE = 50;

/** People who can log in to the account, also those who were invited. */
export default function People() {
  const list = useListUrl('NAME');
  const mayChange = useMay('MANAGE_ROLE');
  const mayLogOut = useMay('MANAGE_ACCOUNT');
  const mayViewEvents = useMay('VIEW_EVENT_LOG');
  const [ask, setAsk] = useState<PersonAsk>();
  const navigate = useNavigate();
  const roles = useQuery(ROLES).data?.roles ?? [];
  const [role, state] = [list.filter('role'), list.filter('state')];
  const filter = {
    search: list.search || undefined,
    roleIds: role ? [role] : undefined,
    isInvited: state ? state === 'invited' : undefined,
  };
  const orderBy = { field: list.order.field as PersonOrderField, direction: list.order.direction };
  const result = withPrevious(useQuery(PEOPLE, { variables: { first: PAGE_SIZE, filter, orderBy } }));
  const filters: readonly Filter[] = [
    {
      name: 'role',
      label: 'Role',
      options: roles.map(({ databaseId, name }) => ({ value: String(databaseId), label: name })),
    },
    {
      name: 'state',
      label: 'Log-in',
      options: [
        { value: 'invited', label: 'Invited' },
        { value: 'active', label: 'Not invited' },
      ],
    },
  ];
  const reload = () => void result.refetch();
  const invite = mayChange && (
    <Button appearance="positive" data-key="n" onClick={() => setAsk({ to: 'invite' })}>
      Invite a person
    </Button>
  );
  return (
    <>
      <ListToolbar list={list} searchLabel="Search people by name or e-mail" filters={filters}>
        {result.data?.persons && count(result.data.persons.totalCount, 'person', 'people')}
        {invite}
      </ListToolbar>
      <Loaded of={result} part={({ persons }) => persons}>
        {(connection) => (
          <ConnectionTable
            label="People"
            columns={personColumns({
              mayChange: mayChange || mayLogOut,
              actionsFor: (person) =>
                personActions(person, { mayChange, mayLogOut, mayViewEvents, setAsk, navigate }),
            })}
            connection={connection}
            rowKey={({ id }) => id}
            list={list}
            loadMore={(after) => void result.fetchMore({ variables: { after } })}
            isLoading={result.loading}
            empty={<NoMatch title="No person matches the search and the filters." list={list} />}
          />
        )}
      </Loaded>
      {ask && <PersonDialogs ask={ask} roles={roles} close={() => setAsk(undefined)} done={reload} />}
    </>
  );
}
