import { Link } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { StatusChip } from '../status-chip.tsx';
import type { Column } from '../table/column.ts';
import { Time } from '../time.tsx';
import { EventChanges } from './event-changes.tsx';
import { eventWords, isRefusal, placeOf } from './event-words.ts';

const EVENT = graphql(`
  fragment EventRow on Event {
    id
    action
    createdAt
    address
    requestId
    computerId
    entityId
    entityTitle
    entityType
    person { id name email }
    changes { field from to }
  }
`);

export type EventRow = { readonly id: string } & FragmentType<typeof EVENT>;

const row = (of: EventRow) => read(EVENT, of);

const action: Column<EventRow> = {
  title: 'Event',
  width: '13rem',
  cell: (of) => {
    const { action: done } = row(of);
    return isRefusal(done) ? (
      <StatusChip look={{ label: eventWords(done), tone: 'bad' }} />
    ) : (
      <span className="list__main">{eventWords(done)}</span>
    );
  },
};

const time: Column<EventRow> = {
  title: 'Time',
  order: 'CREATED_AT',
  width: '11rem',
  cell: (of) => <Time at={row(of).createdAt} as="both" />,
};

const object: Column<EventRow> = {
  title: 'Object',
  cell: (of) => {
    const { entityId, entityTitle, entityType } = row(of);
    const title = entityTitle ?? (entityId === null ? '' : `Number ${entityId}`);
    const place = placeOf(entityType, entityId);
    return place ? <Link to={place}>{title}</Link> : title;
  },
};

const actor: Column<EventRow> = {
  title: 'By',
  width: '11rem',
  cell: (of) => {
    const { person, computerId, address } = row(of);
    return (
      <span>
        {person && <span title={person.email}>{person.name}</span>}
        {!person && computerId !== null && <Link to={`/computers/${computerId}`}>Computer {computerId}</Link>}
        {address && <span className="list__detail">{address}</span>}
      </span>
    );
  },
};

const changes: Column<EventRow> = {
  title: 'Changes',
  width: '28%',
  cell: (of) => <EventChanges changes={row(of).changes} />,
};

/** Columns of the event log of the account. */
export const eventColumns: readonly Column<EventRow>[] = [action, object, time, actor, changes];

/** Columns of the events of one object. */
export const objectEventColumns: readonly Column<EventRow>[] = [action, time, actor, changes];
