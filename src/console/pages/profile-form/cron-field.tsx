import cronstrue from 'cronstrue';
import { TextField } from '../../components/form/field.tsx';
import type { Problem } from '../../components/form/use-change.ts';
import { useNow } from '../../components/live/use-now.ts';
import { viewerZone } from '../../format/time.ts';

const presets: readonly (readonly [label: string, expression: string])[] = [
  ['Every hour', '0 * * * *'],
  ['Every day', '0 8 * * *'],
  ['Weekdays', '0 8 * * MON-FRI'],
  ['Every week', '0 8 * * MON'],
  ['Every month', '0 8 1 * *'],
];

const fields = ['Minute', 'Hour', 'Day of month', 'Month', 'Day of week'];

interface Props {
  readonly problems: readonly Problem[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur: () => void;
}

const NAME = 'trigger.recurring.interval';

/** A cron expression that explains itself: in words, field by field, and in which zone it is. */
export function CronField({ value, onChange, ...props }: Props) {
  const now = new Date(useNow());
  const parts = value.split(/[ \t]+/).filter(Boolean);
  const clock = (timeZone: string) =>
    now.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
  return (
    <div className="cron">
      <TextField
        {...props}
        name={NAME}
        label="Schedule"
        className="cron__input"
        spellCheck={false}
        autoComplete="off"
        help={
          <>
            A cron expression in UTC. It is now {clock('UTC')} in UTC
            {clock(viewerZone) !== clock('UTC') && `, and ${clock(viewerZone)} here (${viewerZone})`}.
          </>
        }
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      <p className="cron__words" aria-live="polite">
        {wordsOf(value) ??
          'Five fields with spaces between them: minute, hour, day of month, month, day of week.'}
      </p>
      <dl className="cron__fields">
        {fields.map((field, index) => (
          <div key={field} className="cron__field">
            <dt>{field}</dt>
            <dd>
              <code>{parts[index] ?? '–'}</code>
            </dd>
          </div>
        ))}
      </dl>
      <fieldset className="suggestions" aria-label="Common schedules">
        {presets.map(([label, expression]) => (
          <button
            key={label}
            type="button"
            className="suggestion"
            aria-pressed={value === expression}
            onClick={() => onChange(expression)}
          >
            {label}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

/** As the gateway describes it. Undefined if it is no cron expression. The gateway says what is wrong with it. */
function wordsOf(expression: string): string | undefined {
  if (expression.trim().split(/\s+/).length !== 5) return undefined;
  try {
    const words = cronstrue.toString(expression, { use24HourTimeFormat: true });
    return `${words.replace(', and on ', ', or on ')} (UTC)`;
  } catch {
    return undefined;
  }
}
