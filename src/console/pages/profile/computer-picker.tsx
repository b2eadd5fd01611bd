import { useQuery } from '@apollo/client/react';
import { CheckboxInput, SearchBox } from '@canonical/react-components';
import { useDeferredValue, useState } from 'react';
import { graphql } from '../../app/graphql.ts';
import { Loaded } from '../../components/page/loaded.tsx';
import { withPrevious } from '../../components/table/with-previous.ts';
import { count } from '../../format/count.ts';

const MATCHED = graphql(`
  query MatchedComputers($filter: ComputerFilter) {
    matchedComputers: computers(first: 100, filter: $filter, orderBy: { field: TITLE, direction: ASC }) {
      totalCount
      nodes { id title hostname isOnline }
    }
  }
`);

export interface Chosen {
  readonly id: string;
  readonly title: string;
}

interface Props {
  /** The rule of the profile, which finds its computers. */
  readonly target: {
    readonly tags: readonly string[];
    readonly allComputers: boolean;
    readonly accessGroup: { readonly name: string };
  };
  readonly chosen: readonly Chosen[];
  readonly onChange: (chosen: readonly Chosen[]) => void;
}

/** Chooses some of the computers that a profile matches. */
export function ComputerPicker({ target: { tags, allComputers, accessGroup }, chosen, onChange }: Props) {
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim());
  const filter = {
    accessGroups: [accessGroup.name],
    tags: allComputers ? undefined : [...tags],
    search: search || undefined,
  };
  const result = withPrevious(useQuery(MATCHED, { variables: { filter } }));
  const isChosen = (id: string) => chosen.some((one) => one.id === id);
  const toggle = (one: Chosen) =>
    onChange(isChosen(one.id) ? chosen.filter(({ id }) => id !== one.id) : [...chosen, one]);
  return (
    <div className="picker">
      <SearchBox
        externallyControlled
        aria-label="Search the computers of this profile"
        placeholder="Search by title or hostname"
        value={typed}
        onChange={setTyped}
        onClear={() => setTyped('')}
      />
      <Loaded of={result} part={({ matchedComputers }) => matchedComputers}>
        {({ nodes, totalCount }) => (
          <>
            <ul className="picker__list">
              {nodes.map(({ id, title, hostname, isOnline }) => (
                <li key={id}>
                  <CheckboxInput
                    label={
                      <>
                        {title} <span className="u-text--muted">{hostname}</span>
                        {!isOnline && <span className="u-text--muted"> · not seen lately</span>}
                      </>
                    }
                    checked={isChosen(id)}
                    onChange={() => toggle({ id, title })}
                  />
                </li>
              ))}
            </ul>
            <p className="u-text--muted">
              {totalCount === 0 && 'No computer matches. '}
              {totalCount > nodes.length && `The first ${nodes.length} of ${count(totalCount, 'computer')}. `}
              {chosen.length > 0 && `Chosen: ${chosen.map(({ title }) => title).join(', ')}`}
            </p>
          </>
        )}
      </Loaded>
    </div>
  );
}
