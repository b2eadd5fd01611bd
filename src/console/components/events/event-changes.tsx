import { profileFieldWords } from '../../format/profile-field.ts';
import { FieldDifferences } from '../field-differences.tsx';
import { fieldWords, valueWords } from './event-words.ts';

interface Props {
  readonly changes: readonly { readonly field: string; readonly from: string; readonly to: string }[];
}

/** The changed fields of an event. A click shows their values before and after. */
export function EventChanges({ changes }: Props) {
  if (changes.length === 0) return null;
  const fields = changes.map(({ field }) => fieldWords(field).toLowerCase()).join(', ');
  return (
    <details className="event-changes">
      <summary>{fields.charAt(0).toUpperCase() + fields.slice(1)}</summary>
      <FieldDifferences
        differences={changes.map(({ field, from, to }) => ({
          field: fieldWords(field),
          before: words(field, from),
          after: words(field, to),
        }))}
      />
    </details>
  );
}

// Profiles and scripts have these fields. Others read well as they are.
const words = (field: string, json: string) =>
  /^(timeLimit|deliverWithin|overlap|trigger)/.test(field)
    ? profileFieldWords(field, json)
    : valueWords(json);
