import { TextField } from '../../components/form/field.tsx';
import type { Problem } from '../../components/form/use-change.ts';
import { utcTime, viewerZone } from '../../format/time.ts';

interface Props {
  readonly name: string;
  readonly label: string;
  readonly problems: readonly Problem[];
  /** RFC 3339, or empty. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur: () => void;
}

/** A time in the viewer's zone, with UTC below it. */
export const TimeField = ({ value, onChange, ...props }: Props) => (
  <TextField
    {...props}
    type="datetime-local"
    step={1}
    help={
      value ? `${utcTime(value)}. The field is in your zone, ${viewerZone}.` : `In your zone, ${viewerZone}.`
    }
    value={localText(value)}
    onChange={({ target }) => onChange(target.value ? new Date(target.value).toISOString() : '')}
  />
);

/** The text of a `datetime-local` field. */
function localText(value: string): string {
  if (!value) return '';
  const at = new Date(value);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, at.getSeconds() === 0 ? 16 : 19);
}
