import { Button } from '@canonical/react-components';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { differs, LEAVE, LeaveGuard } from '../../components/form/leave-guard.tsx';
import { Problems } from '../../components/form/problems.tsx';
import { belongsTo, type Problem } from '../../components/form/use-change.ts';
import { ErrorMessage } from '../../components/page/error-message.tsx';
import type { ScriptProfilePreviewInput } from '../../generated/graphql.ts';
import { fieldNames } from './fields.ts';
import { HowFields } from './how-fields.tsx';
import { ownProblems } from './own-problems.ts';
import { PreviewPanel } from './preview/preview-panel.tsx';
import { usePreview } from './preview/use-preview.ts';
import { TriggerFields } from './trigger-fields.tsx';
import type { Values } from './values.ts';
import { WhatFields } from './what-fields.tsx';
import { WhereFields } from './where-fields.tsx';

interface Props {
  readonly initial: Values;
  /** Id of the profile. Undefined for a new one. */
  readonly id?: string;
  /** Title of the script of a profile that exists. */
  readonly script?: string;
  readonly action: string;
  readonly cancelTo: string;
  readonly inputOf: (values: Values) => ScriptProfilePreviewInput;
  readonly save: (values: Values) => Promise<void>;
  readonly busy: boolean;
  /** Why the gateway refused the last save. */
  readonly refusals: readonly Problem[];
  /** Above the fields. It may replace what the form holds. */
  readonly notice?: (values: Values, replace: (values: Values) => void) => ReactNode;
}

/** A script profile as a form, with the consequences of what it holds beside it. */
export function ProfileForm({ initial, id, script, inputOf, refusals, notice, ...props }: Props) {
  const [values, setValues] = useState(initial);
  const [touched, setTouched] = useState<readonly string[]>([]);
  const [sent, setSent] = useState<Values>();
  const own = ownProblems(values);
  const isNew = id === undefined;
  // The consequences do not depend on the title.
  const isForeseen = own.every(({ field }) => field === 'title');
  const { preview, error, isCurrent } = usePreview(isForeseen ? inputOf(values) : undefined);
  const found: readonly Problem[] = isForeseen ? [...own, ...(preview?.problems ?? [])] : own;
  // A refusal stands until something is edited. Otherwise a field shows its problem once the viewer has left it.
  const isShown = ({ field }: Problem) =>
    sent !== undefined || touched.some((one) => field && belongsTo(field, one));
  const problems = sent === values && refusals.length > 0 ? refusals : found.filter(isShown);
  // The problems of the whole change, such as a limit. A clash has a place of its own.
  const rest = (preview?.problems ?? []).filter(({ code }) => code !== 'VERSION_CLASH');
  const fields = {
    values,
    problems,
    isNew,
    set: (changes: Partial<Values>) => setValues({ ...values, ...changes }),
    touch: (field: string) => setTouched((before) => (before.includes(field) ? before : [...before, field])),
  };
  const save = () => {
    setSent(values);
    if (own.length === 0) void props.save(values);
    else focusOn(own[0]!.field);
  };
  return (
    <>
      <LeaveGuard isChanged={differs(initial, values)} />
      {notice?.(values, setValues)}
      <form
        className="profile-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <div className="profile-form__fields">
          <Problems
            of={refusals.filter(({ code }) => sent === values && code !== 'VERSION_CLASH')}
            except={fieldNames}
            title="Nothing was saved"
          />
          <WhatFields {...fields} script={script} />
          <WhereFields {...fields} />
          <TriggerFields {...fields} />
          <HowFields {...fields} />
        </div>
        <aside
          className="profile-form__preview"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it where it is higher than the window
          tabIndex={0}
          aria-label="Consequences"
          aria-busy={!isCurrent}
        >
          <h2 className="section__title">Consequences</h2>
          {error && <ErrorMessage error={error} />}
          <Problems of={rest} except={fieldNames} title="This cannot be saved" />
          {preview ? (
            <PreviewPanel preview={preview} values={values} id={id} />
          ) : (
            <p className="u-text--muted">
              {values.scriptId
                ? 'The problems in the form prevent a forecast.'
                : 'Choose a script to see what it will do.'}
            </p>
          )}
        </aside>
        <div className="form__actions">
          <Button type="submit" appearance="positive" disabled={props.busy}>
            {props.action}
          </Button>
          <Link className="p-button" to={props.cancelTo} {...LEAVE}>
            Cancel
          </Link>
        </div>
      </form>
    </>
  );
}

/** Leads the viewer to the first field that has a problem. */
const focusOn = (field: string | null) => {
  if (field) (document.getElementsByName(field)[0] ?? document.getElementById(field))?.focus();
};
