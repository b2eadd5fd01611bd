interface Props {
  readonly differences: readonly {
    readonly field: string;
    readonly before: string;
    readonly after: string;
  }[];
  readonly beforeTitle?: string;
  readonly afterTitle?: string;
}

/** Fields whose values differ, side by side: an edit in the event log, or a clash of two edits. */
export function FieldDifferences({ differences, beforeTitle = 'Before', afterTitle = 'After' }: Props) {
  return (
    <table className="differences">
      <thead>
        <tr>
          <th>Field</th>
          <th>{beforeTitle}</th>
          <th>{afterTitle}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td data-heading={beforeTitle}>
              <del>{before}</del>
            </td>
            <td data-heading={afterTitle}>
              <ins>{after}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
