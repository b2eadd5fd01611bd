import {
  Input,
  type InputProps,
  Select,
  type SelectProps,
  Textarea,
  type TextareaProps,
} from '@canonical/react-components';
import { type Problem, problemAt } from './use-change.ts';

interface Served {
  /** Path of the field in the mutation's input. It is also the name of the field. */
  readonly name: string;
  readonly problems: readonly Problem[];
}

/** A text field that shows the gateway's problem with it. */
export const TextField = ({ problems, ...props }: Served & Omit<InputProps, 'name' | 'error'>) => (
  <Input {...props} error={problemAt(problems, props.name)} />
);

/** A choice that shows the gateway's problem with it. */
export const ChoiceField = ({ problems, ...props }: Served & Omit<SelectProps, 'name' | 'error'>) => (
  <Select {...props} error={problemAt(problems, props.name)} />
);

/** A text of several lines that shows the gateway's problem with it. */
export const LongTextField = ({ problems, ...props }: Served & Omit<TextareaProps, 'name' | 'error'>) => (
  <Textarea {...props} error={problemAt(problems, props.name)} />
);
