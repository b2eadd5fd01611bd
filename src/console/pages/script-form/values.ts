/** What a person edits. Numbers are text until they are sent. */
export interface Values {
  readonly title: string;
  readonly interpreter: string;
  readonly code: string;
  readonly username: string;
  readonly timeLimit: string;
}

export const emptyScript: Values = {
  title: '',
  interpreter: '/bin/bash',
  code: '',
  username: '',
  timeLimit: '300',
};

interface Stored extends Omit<Values, 'timeLimit'> {
  readonly timeLimit: number;
}

export const valuesOf = ({ title, interpreter, code, username, timeLimit }: Stored): Values => ({
  title,
  interpreter,
  code,
  username,
  timeLimit: String(timeLimit),
});

/** The fields of a mutation's input. */
export const inputOf = ({ timeLimit, ...values }: Values) => ({
  ...values,
  timeLimit: timeLimit.trim() === '' ? undefined : Number(timeLimit),
});

const names: Readonly<Record<Exclude<keyof Values, 'code'>, string>> = {
  title: 'Title',
  interpreter: 'Interpreter',
  username: 'Suggested user',
  timeLimit: 'Suggested time limit',
};

/** Short fields with different values. */
export const differencesOf = (before: Values, after: Values) =>
  (Object.keys(names) as (keyof typeof names)[])
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field: names[field], before: before[field], after: after[field] }));

/** Whether profiles would run something else. */
export const isNewVersion = (before: Values, after: Values): boolean =>
  before.code !== after.code || before.interpreter !== after.interpreter;
