import { CheckboxInput } from '@canonical/react-components';
import type { ReactNode } from 'react';
import { type Problem, problemAt } from './use-change.ts';

interface Props {
  /** Path of the field in the mutation's input. */
  readonly name: string;
  readonly legend: string;
  readonly help?: ReactNode;
  readonly options: readonly { readonly value: string; readonly label: ReactNode }[];
  readonly chosen: readonly string[];
  readonly change: (chosen: readonly string[]) => void;
  readonly problems?: readonly Problem[];
  readonly disabled?: boolean;
}

/** Several choices, each of which can be made. Shows the gateway's problem with them. */
export function CheckList(props: Props) {
  const { name, legend, help, options, chosen, change, problems = [], disabled } = props;
  const problem = problemAt(problems, name, legend);
  return (
    <fieldset className={problem ? 'check-list p-form-validation is-error' : 'check-list'}>
      <legend>{legend}</legend>
      {help && <p className="check-list__help">{help}</p>}
      <div className="check-list__options">
        {options.map(({ value, label }) => (
          <CheckboxInput
            key={value}
            label={label}
            disabled={disabled}
            checked={chosen.includes(value)}
            onChange={() =>
              change(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value])
            }
          />
        ))}
      </div>
      {problem && (
        <p className="p-form-validation__message" role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  );
}
