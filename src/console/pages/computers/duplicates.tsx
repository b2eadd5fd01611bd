import { CheckboxInput } from '@canonical/react-components';
import type { PendingComputer } from './pending-computer.ts';

interface Props {
  readonly computers: readonly PendingComputer[];
  /** Ids of older computers to remove. */
  readonly replace: readonly string[];
  readonly change: (replace: readonly string[]) => void;
}

/** Older computers that are probably the same machines. A check replaces one. */
export function Duplicates({ computers, replace, change }: Props) {
  const pairs = computers.flatMap(({ title, possibleDuplicateOf: older }) =>
    older ? [{ title, older }] : [],
  );
  if (pairs.length === 0) return null;
  return (
    <fieldset className="duplicates">
      <legend>Possible duplicates</legend>
      <p className="u-text--muted">
        The same machine seems to have enrolled before. If you replace the older computer, it is removed, and
        the new one takes over its execution history.
      </p>
      {pairs.map(({ title, older }) => (
        <CheckboxInput
          key={older.id}
          label={`${title} replaces ${older.title} (number ${older.databaseId})`}
          checked={replace.includes(older.id)}
          onChange={() =>
            change(
              replace.includes(older.id) ? replace.filter((id) => id !== older.id) : [...replace, older.id],
            )
          }
        />
      ))}
    </fieldset>
  );
}
