import { CheckboxInput } from '@canonical/react-components';
import { Link } from 'react-router';
import type { Selection } from '../../components/live/use-selection.ts';

interface Props {
  readonly computer: {
    readonly id: string;
    readonly databaseId: number;
    readonly title: string;
    readonly hostname: string;
  };
  /** Undefined if the computer cannot be chosen. */
  readonly selection?: Selection;
}

/** The first cell of a computer's row. */
export function ComputerName({ computer: { id, databaseId, title, hostname }, selection }: Props) {
  return (
    <span className="computer-name">
      {selection && (
        <CheckboxInput
          inline
          label={<span className="u-off-screen">Choose {title}</span>}
          checked={selection.has(id)}
          onChange={() => selection.toggle(id)}
        />
      )}
      <span className="computer-name__text">
        <Link className="list__main" to={`/computers/${databaseId}`}>
          {title}
        </Link>
        {hostname !== title && <span className="list__detail">{hostname}</span>}
      </span>
    </span>
  );
}
