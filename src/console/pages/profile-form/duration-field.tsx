import { Field, Input, Select } from '@canonical/react-components';
import { type Problem, problemAt } from '../../components/form/use-change.ts';
import { type Amount, type Unit, units } from './amount.ts';

interface Props {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly problems: readonly Problem[];
  readonly value: Amount;
  readonly onChange: (value: Amount) => void;
  readonly onBlur: () => void;
}

/** A duration: a number and its unit. */
export function DurationField({ name, label, help, problems, value, onChange, onBlur }: Props) {
  const error = problemAt(problems, name, label);
  return (
    <Field
      label={label}
      forId={name}
      help={help}
      helpId={`${name}-help`}
      error={error}
      validationId={`${name}-problem`}
    >
      <div className="duration">
        <Input
          id={name}
          type="text"
          inputMode="decimal"
          aria-invalid={error !== undefined}
          aria-describedby={[error && `${name}-problem`, help && `${name}-help`].filter(Boolean).join(' ')}
          value={value.amount}
          onChange={({ target }) => onChange({ ...value, amount: target.value })}
          onBlur={onBlur}
        />
        <Select
          aria-label={`Unit of the ${label.toLowerCase()}`}
          value={value.unit}
          options={[...units]}
          onChange={({ target }) => onChange({ ...value, unit: target.value as Unit })}
        />
      </div>
    </Field>
  );
}
