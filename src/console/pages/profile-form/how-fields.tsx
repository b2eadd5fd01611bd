import { ChoiceField, TextField } from '../../components/form/field.tsx';
import type { OverlapPolicy } from '../../generated/graphql.ts';
import { DurationField } from './duration-field.tsx';
import type { FieldsProps } from './fields.ts';

/** How the computers run the script. */
export function HowFields({ values, set, problems, touch }: FieldsProps) {
  return (
    <fieldset className="form__group">
      <legend className="form__legend">How</legend>
      <TextField
        name="username"
        label="User who runs the script"
        autoComplete="off"
        spellCheck={false}
        problems={problems}
        value={values.username}
        onChange={({ target }) => set({ username: target.value })}
        onBlur={() => touch('username')}
      />
      <DurationField
        name="timeLimit"
        label="Time limit"
        help="Then the script is killed, and its execution fails."
        problems={problems}
        value={values.timeLimit}
        onChange={(timeLimit) => set({ timeLimit })}
        onBlur={() => touch('timeLimit')}
      />
      <DurationField
        name="deliverWithin"
        label="Delivery limit"
        help="A computer that was off for longer does not run it late. Empty means no limit."
        problems={problems}
        value={values.deliverWithin}
        onChange={(deliverWithin) => set({ deliverWithin })}
        onBlur={() => touch('deliverWithin')}
      />
      <ChoiceField
        name="overlap"
        label="If the previous run is in progress"
        problems={problems}
        value={values.overlap}
        options={[
          { value: 'ALLOW', label: 'Start the run anyway' },
          { value: 'SKIP', label: 'Skip the run' },
        ]}
        onChange={({ target }) => set({ overlap: target.value as OverlapPolicy })}
      />
    </fieldset>
  );
}
