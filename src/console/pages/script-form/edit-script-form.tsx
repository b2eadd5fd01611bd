import { Button, useToastNotification } from '@canonical/react-components';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { differs, LEAVE, LeaveGuard } from '../../components/form/leave-guard.tsx';
import { Problems } from '../../components/form/problems.tsx';
import { useChange } from '../../components/form/use-change.ts';
import { Notice } from '../../components/page/notice.tsx';
import { count } from '../../format/count.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';
import { ScriptClash } from './script-clash.tsx';
import { fieldNames, ScriptFields } from './script-fields.tsx';
import { inputOf, isNewVersion, valuesOf } from './values.ts';

const SCRIPT = graphql(`
  fragment ScriptToEdit on Script {
    id
    databaseId
    revision
    versionNumber
    title
    interpreter
    code
    username
    timeLimit
    lastEditedAt
    lastEditedBy { id name }
    users: profiles(first: 0) { totalCount }
  }
`);

const UPDATE = graphql(`
  mutation UpdateScript($input: UpdateScriptInput!) {
    updateScript(input: $input) {
      script { id ...ScriptToEdit }
      current { id ...ScriptToEdit }
      userErrors { code field message }
    }
  }
`);

interface Props {
  readonly script: FragmentType<typeof SCRIPT>;
  /** Older version whose code the form starts with. */
  readonly from?: { readonly number: number; readonly code: string; readonly interpreter: string } | null;
}

/** Saves over the revision that the person saw. If another person saved meanwhile, both are shown. */
export function EditScriptForm({ script: of, from }: Props) {
  const [base, setBase] = useState(() => read(SCRIPT, of));
  const [values, setValues] = useState(() => ({
    ...valuesOf(base),
    ...(from && { code: from.code, interpreter: from.interpreter }),
  }));
  const [update, { busy, problems, refused, clear }] = useChange(UPDATE);
  const clash = refused?.current && read(SCRIPT, refused.current);
  const navigate = useNavigate();
  const toast = useToastNotification();
  const save = async (over: typeof base) => {
    const input = { id: base.id, expectedVersion: over.revision, ...inputOf(values) };
    const payload = await update({ input });
    if (!payload) return;
    toast.success(`Saved “${values.title}”.`);
    navigate(`/scripts/${base.databaseId}`, LEAVE);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save(base);
  };
  const takeStored = (stored: typeof base) => {
    setBase(stored);
    setValues(valuesOf(stored));
    clear();
  };
  const users = base.users.totalCount;
  return (
    <form onSubmit={submit}>
      <LeaveGuard isChanged={differs(valuesOf(base), values)} />
      <Problems
        of={problems.filter(({ code }) => code !== 'VERSION_CLASH')}
        except={fieldNames}
        title="The script was not saved"
      />
      {clash && (
        <ScriptClash
          stored={valuesOf(clash)}
          mine={values}
          by={clash.lastEditedBy?.name ?? 'Another person'}
          at={clash.lastEditedAt}
          busy={busy}
          saveMine={() => void save(clash)}
          takeStored={() => takeStored(clash)}
        />
      )}
      {from && !clash && (
        <Notice severity="information" title={`This is the code of version ${from.number}`}>
          Saving makes it the newest version.
        </Notice>
      )}
      <ScriptFields
        values={values}
        change={(changes) => setValues((before) => ({ ...before, ...changes }))}
        problems={problems}
      />
      <p aria-live="polite" className="u-text--muted">
        {isNewVersion(valuesOf(base), values)
          ? `Saving creates version ${base.versionNumber + 1}. ${
              users === 0 ? 'No profile runs it.' : `${count(users, 'profile')} will run it from then on.`
            }`
          : 'The code and the interpreter are unchanged, so saving creates no version.'}
      </p>
      <div className="form__actions">
        <Button type="submit" appearance="positive" disabled={busy || Boolean(clash)}>
          Save
        </Button>
        <Link className="p-button" to={`/scripts/${base.databaseId}`} {...LEAVE}>
          Cancel
        </Link>
      </div>
    </form>
  );
}
