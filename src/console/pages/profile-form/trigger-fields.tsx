import { RadioInput } from '@canonical/react-components';
import { CronField } from './cron-field.tsx';
import type { FieldsProps } from './fields.ts';
import { TimeField } from './time-field.tsx';
import type { Kind } from './values.ts';

const kinds: readonly (readonly [kind: Kind, label: string])[] = [
  ['recurring', 'On a schedule'],
  ['oneTime', 'Once'],
  ['event', 'When a computer enrols'],
];

const START_AFTER = 'trigger.recurring.startAfter';
const TIMESTAMP = 'trigger.oneTime.timestamp';

/** When the profile runs. The kind of the trigger is fixed once the profile exists. */
export function TriggerFields({ values, set, problems, touch, isNew }: FieldsProps) {
  const { kind } = values;
  return (
    <fieldset className="form__group">
      <legend className="form__legend">When</legend>
      {isNew ? (
        <div className="form__choices">
          {kinds.map(([value, label]) => (
            <RadioInput
              key={value}
              name="trigger"
              inline
              label={label}
              checked={kind === value}
              onChange={() => set({ kind: value })}
            />
          ))}
        </div>
      ) : (
        <p className="form__fixed">
          {kinds.find(([value]) => value === kind)?.[1]}.{' '}
          <span className="u-text--muted">
            The kind of trigger is fixed. To change it, duplicate the profile.
          </span>
        </p>
      )}
      {kind === 'recurring' && (
        <>
          <CronField
            problems={problems}
            value={values.interval}
            onChange={(interval) => set({ interval })}
            onBlur={() => touch('trigger.recurring.interval')}
          />
          <TimeField
            name={START_AFTER}
            label="Not before"
            problems={problems}
            value={values.startAfter}
            onChange={(startAfter) => set({ startAfter })}
            onBlur={() => touch(START_AFTER)}
          />
        </>
      )}
      {kind === 'oneTime' && (
        <TimeField
          name={TIMESTAMP}
          label="Time"
          problems={problems}
          value={values.timestamp}
          onChange={(timestamp) => set({ timestamp })}
          onBlur={() => touch(TIMESTAMP)}
        />
      )}
    </fieldset>
  );
}
