import { lazy, type ReactNode, Suspense, useId } from 'react';
import { TextField } from '../../components/form/field.tsx';
import { type Problem, problemAt } from '../../components/form/use-change.ts';
import { Loading } from '../../components/page/loading.tsx';
import { wholeNumber } from '../../format/count.ts';
import type { Values } from './values.ts';

const CodeEditor = lazy(() => import('../../components/code/code-editor.tsx'));

const MAX_CODE_BYTES = 128_000;

const interpreters = ['/bin/bash', '/bin/sh', '/usr/bin/python3', '/usr/bin/perl', '/usr/bin/ruby'];

interface Props {
  readonly values: Values;
  readonly change: (changes: Partial<Values>) => void;
  readonly problems: readonly Problem[];
  /** More fields, beside the title. */
  readonly children?: ReactNode;
}

/** Names of the fields, which show their own problems. */
export const fieldNames = ['title', 'interpreter', 'code', 'username', 'timeLimit', 'accessGroup'];

/** The fields of a script: its code, and what a manual run suggests. */
export function ScriptFields({ values, change, problems, children }: Props) {
  const list = useId();
  const size = new TextEncoder().encode(values.code).length;
  const codeProblem = problemAt(problems, 'code', 'Code');
  const text = (name: keyof Values) => ({
    name,
    problems,
    type: 'text',
    autoComplete: 'off',
    value: values[name],
    onChange: ({ target }: { target: { value: string } }) => change({ [name]: target.value }),
  });
  return (
    <>
      <div className="script-fields">
        <TextField {...text('title')} label="Title" required />
        <TextField {...text('interpreter')} label="Interpreter" required list={list} />
        <datalist id={list}>
          {interpreters.map((path) => (
            <option key={path} value={path} />
          ))}
        </datalist>
        <TextField {...text('username')} label="Suggested user" placeholder="None" />
        <TextField
          {...text('timeLimit')}
          label="Suggested time limit, in seconds"
          type="number"
          min={1}
          required
        />
        {children}
      </div>
      <div className={codeProblem ? 'p-form-validation is-error' : undefined}>
        <p className="script-fields__label">
          Code <span className="u-text--muted">without the #! line</span>
        </p>
        <Suspense fallback={<Loading />}>
          <CodeEditor
            label="Code"
            value={values.code}
            interpreter={values.interpreter}
            onChange={(code) => change({ code })}
          />
        </Suspense>
        {codeProblem && (
          <p className="p-form-validation__message" role="alert">
            {codeProblem}
          </p>
        )}
        <p className="script-fields__size">
          {wholeNumber(size)} of {wholeNumber(MAX_CODE_BYTES)} bytes
        </p>
      </div>
    </>
  );
}
