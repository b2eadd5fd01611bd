import { Button, Notification, RadioInput } from '@canonical/react-components';
import { useEffect, useRef, useState } from 'react';
import { graphql, read } from '../../app/graphql.ts';
import { Time } from '../../components/time.tsx';
import { profileFieldLabel, profileFieldWords } from '../../format/profile-field.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import type { ProfileValuesFragment } from '../../generated/graphql.ts';
import { keyOfPath, PROFILE_VALUES, type Values, valuesOf } from './values.ts';

const CLASH = graphql(`
  fragment ProfileClash on VersionClash {
    changedFields { field current yours }
    current {
      id
      lastEditedAt
      archived
      ...ProfileValues
      clashEvents: events(first: 1, filter: { actions: [SCRIPT_PROFILE_EDITED, SCRIPT_PROFILE_ARCHIVED] }) {
        edges { node { id person { id name } } }
      }
    }
  }
`);

interface Props {
  readonly clash: FragmentType<typeof CLASH>;
  readonly values: Values;
  readonly now: string;
  /** Takes the chosen values, on top of the stored version. */
  readonly onResolve: (stored: ProfileValuesFragment, values: Values) => void;
}

/** Two edits of the same profile, side by side. The viewer chooses field by field, and saves again. */
export function ClashPanel({ clash, values, now, onResolve }: Props) {
  const { changedFields, current } = read(CLASH, clash);
  const stored = read(PROFILE_VALUES, current);
  const [theirs, setTheirs] = useState<readonly string[]>([]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const fields = changedFields.filter(({ field }) => field in keyOfPath);
  const resolve = () => {
    const base = valuesOf(stored, now);
    const mine = fields.filter(({ field }) => !theirs.includes(field)).map(({ field }) => keyOfPath[field]!);
    onResolve(stored, { ...base, ...Object.fromEntries(mine.map((key) => [key, values[key]])) });
  };
  const who = current.clashEvents?.edges[0]?.node.person?.name ?? 'Another person';
  return (
    <section className="clash" aria-labelledby="clash-heading">
      <h2 id="clash-heading" ref={heading} tabIndex={-1} className="section__title">
        {who} saved this profile while you were editing it
      </h2>
      {current.archived ? (
        <Notification severity="negative" borderless>
          It is archived now, so it cannot be edited. You can duplicate it instead.
        </Notification>
      ) : (
        <>
          <p>
            Stored <Time at={current.lastEditedAt} as="both" />.{' '}
            {fields.length > 0
              ? 'Nothing of yours is lost. Choose for each field which value to keep.'
              : 'The stored version already has your values.'}
          </p>
          {fields.length > 0 && (
            <table className="differences clash__fields">
              <thead>
                <tr>
                  <th>Field</th>
                  <th>Stored</th>
                  <th>Yours</th>
                </tr>
              </thead>
              <tbody>
                {fields.map(({ field, current: before, yours }) => (
                  <tr key={field}>
                    <th scope="row">{profileFieldLabel(field)}</th>
                    <td>
                      <RadioInput
                        name={`clash-${field}`}
                        label={profileFieldWords(field, before)}
                        checked={theirs.includes(field)}
                        onChange={() => setTheirs([...theirs, field])}
                      />
                    </td>
                    <td>
                      <RadioInput
                        name={`clash-${field}`}
                        label={profileFieldWords(field, yours)}
                        checked={!theirs.includes(field)}
                        onChange={() => setTheirs(theirs.filter((one) => one !== field))}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <Button appearance="positive" onClick={resolve}>
            Continue with these values
          </Button>
        </>
      )}
    </section>
  );
}
