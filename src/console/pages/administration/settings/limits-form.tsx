import { Button, useToastNotification } from '@canonical/react-components';
import { type FormEvent, useState } from 'react';
import { graphql, read } from '../../../app/graphql.ts';
import { useMay } from '../../../app/session/viewer.ts';
import { FieldDifferences } from '../../../components/field-differences.tsx';
import { TextField } from '../../../components/form/field.tsx';
import { LeaveGuard } from '../../../components/form/leave-guard.tsx';
import { Problems } from '../../../components/form/problems.tsx';
import { useChange } from '../../../components/form/use-change.ts';
import { Notice } from '../../../components/page/notice.tsx';
import { count } from '../../../format/count.ts';
import type { FragmentType } from '../../../generated/fragment-masking.ts';

const LIMITS = graphql(`
  fragment LimitsForm on Limits {
    id
    version
    maxNumProfiles
    maxNumComputers
    minInterval
    used { profiles computers }
  }
`);

const UPDATE = graphql(`
  mutation UpdateLimits($input: UpdateLimitsInput!) {
    updateLimits(input: $input) {
      limits { id ...LimitsForm }
      current { id ...LimitsForm }
      userErrors { code field message }
    }
  }
`);

const labels = {
  maxNumProfiles: 'Script profiles that are not archived',
  maxNumComputers: 'Computers of one script profile',
  minInterval: 'Minutes between two runs of a recurring profile, at least',
} as const;

type Name = keyof typeof labels;
const names = Object.keys(labels) as Name[];

export function LimitsForm({ limits: of }: { readonly limits: FragmentType<typeof LIMITS> }) {
  const stored = read(LIMITS, of);
  const [base, setBase] = useState(stored);
  const [typed, setTyped] = useState<Partial<Record<Name, string>>>({});
  const [update, { busy, problems, clear }] = useChange(UPDATE);
  const mayChange = useMay('MANAGE_ACCOUNT');
  const toast = useToastNotification();
  const value = (name: Name) => typed[name] ?? String(base[name]);
  const changed = names.filter((name) => value(name) !== String(base[name]));
  const isClash = problems.some(({ code }) => code === 'VERSION_CLASH');
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const input = Object.fromEntries(changed.map((name) => [name, Number(value(name))]));
    // After a clash was shown, the person saves over what they saw.
    const over = isClash ? stored : base;
    const payload = await update({ input: { expectedVersion: over.version, ...input } });
    if (!payload?.limits) return;
    setBase(read(LIMITS, payload.limits));
    setTyped({});
    toast.success('Changed the limits.');
  };
  const discard = () => {
    setBase(stored);
    setTyped({});
    clear();
  };
  const help: Readonly<Record<Name, string>> = {
    maxNumProfiles: `${count(base.used.profiles, 'profile')} in use. A lower limit archives none of them, but allows no new profile until enough are archived.`,
    maxNumComputers: `The largest profile has ${count(base.used.computers, 'computer')}. A lower limit leaves existing profiles as they are, but their runs leave out the computers beyond it.`,
    minInterval: 'Another minimum schedules the next runs again.',
  };
  return (
    <form className="form" onSubmit={(event) => void save(event)}>
      <LeaveGuard isChanged={changed.length > 0} />
      <Problems of={problems.filter(({ code }) => code !== 'VERSION_CLASH')} except={names} />
      {isClash && (
        <>
          <Notice severity="caution" title="Another person changed the limits meanwhile" role="alert">
            Save again to keep yours, or discard them.
          </Notice>
          <FieldDifferences
            beforeTitle="Stored"
            afterTitle="Yours"
            differences={names
              .filter((name) => String(stored[name]) !== value(name))
              .map((name) => ({ field: labels[name], before: String(stored[name]), after: value(name) }))}
          />
        </>
      )}
      {names.map((name) => (
        <TextField
          key={name}
          name={name}
          type="number"
          min={0}
          required
          label={labels[name]}
          help={help[name]}
          problems={problems}
          disabled={!mayChange}
          value={value(name)}
          onChange={({ target }) => setTyped({ ...typed, [name]: target.value })}
        />
      ))}
      {mayChange ? (
        <div className="form__actions">
          <Button type="submit" appearance="positive" disabled={busy || changed.length === 0}>
            Save limits
          </Button>
          {changed.length > 0 && (
            <Button type="button" onClick={discard}>
              Discard
            </Button>
          )}
        </div>
      ) : (
        <p className="u-text--muted">An administrator of the account can change the limits.</p>
      )}
    </form>
  );
}
