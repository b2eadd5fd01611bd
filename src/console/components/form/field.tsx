import {
  Input,
  type InputProps,
  Select,
  type SelectProps,
  Textarea,
  type TextareaProps,
} from '@canonical/react-components';
import { type ReactNode, useId } from 'react';
import { type Problem, problemAt } from './use-change.ts';

interface Served {
  /** Path of the field in the mutation's input. It is also the name of the field. */
  readonly name: string;
  readonly problems: readonly Problem[];
}

interface Described {
  readonly name: string;
  readonly problems: readonly Problem[];
  readonly label?: ReactNode;
  readonly help?: ReactNode;
}

/** Props that connect a field with its problem and its help. The library connects a problem only for some readers. */
function useDescribed({ name, problems, label, help }: Described) {
  const id = useId();
  const problem = problemAt(problems, name, typeof label === 'string' ? label : undefined);
  return {
    error: problem && <span id={`${id}problem`}>{problem}</span>,
    help: help && <span id={`${id}help`}>{help}</span>,
    'aria-errormessage': undefined,
    'aria-describedby':
      [problem && `${id}problem`, help && `${id}help`].filter(Boolean).join(' ') || undefined,
  };
}

/** A text field that shows the gateway's problem with it. */
export const TextField = ({ problems, ...props }: Served & Omit<InputProps, 'name' | 'error'>) => (
  <Input type="text" {...props} {...useDescribed({ ...props, problems })} />
);

/** A choice that shows the gateway's problem with it. */
export const ChoiceField = ({ problems, ...props }: Served & Omit<SelectProps, 'name' | 'error'>) => (
  <Select {...props} {...useDescribed({ ...props, problems })} />
);

/** A text of several lines that shows the gateway's problem with it. */
export const LongTextField = ({ problems, ...props }: Served & Omit<TextareaProps, 'name' | 'error'>) => (
  <Textarea {...props} {...useDescribed({ ...props, problems })} />
);
