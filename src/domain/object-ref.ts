import { notFound, type Refusal } from './errors.ts';

/** Number of an object, or its name with the input field that contained it. */
export type ObjectRef = number | { readonly name: string; readonly field: string };

export const refNotFound = (what: string, ref: ObjectRef): Refusal =>
  typeof ref === 'number' ? notFound(what, ref) : notFound(what, ref.name, ref.field);
