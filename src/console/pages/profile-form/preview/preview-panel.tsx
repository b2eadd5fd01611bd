import { Icon } from '@canonical/react-components';
import { graphql, read } from '../../../app/graphql.ts';
import { ForeseenRuns, PassedOver } from '../../../components/foreseen-runs.tsx';
import { count, wholeNumber } from '../../../format/count.ts';
import { relativeTime } from '../../../format/time.ts';
import type { FragmentType } from '../../../generated/fragment-masking.ts';
import { ChangedFields } from '../changed-fields.tsx';
import { SameTime } from '../same-time.tsx';
import type { Kind, Values } from '../values.ts';
import { PreviewComputers } from './preview-computers.tsx';

const PREVIEW = graphql(`
  fragment ProfilePreview on ScriptProfilePreview {
    profilesRoom { used max }
    computersRoom { used max }
    nextRuns(first: 10) { at mayRunUntil ...ForeseenRun }
    slotsGivenUp { firstSlot ...PassedOver }
    warnings { code message }
    changedFields { ...ChangedField }
    joining(first: 8) { totalCount }
    leaving(first: 8) { totalCount }
    ...PreviewComputers
  }
`);

interface Props {
  readonly preview: FragmentType<typeof PREVIEW>;
  readonly values: Values;
  /** Id of the profile. Undefined for a new one. */
  readonly id: string | undefined;
}

/** What saving would do. */
export function PreviewPanel({ preview, values, id }: Props) {
  const { kind } = values;
  const isNew = id === undefined;
  const of = read(PREVIEW, preview);
  const { nextRuns, computersRoom, profilesRoom, warnings, slotsGivenUp, changedFields } = of;
  return (
    <>
      <p className="preview__summary" role="status">
        {summary(of, kind, isNew)}
      </p>
      {warnings.length > 0 && (
        <ul className="preview__warnings" aria-label="Warnings">
          {warnings.map(({ code, message }) => (
            <li key={code}>
              <Icon name="warning" /> {message}
            </li>
          ))}
        </ul>
      )}
      {changedFields.length > 0 && (
        <Part title="Changes">
          <ChangedFields fields={changedFields} />
        </Part>
      )}
      {kind !== 'event' && computersRoom && (
        <Part title="Computers">
          <PreviewComputers preview={of} isNew={isNew} />
        </Part>
      )}
      {nextRuns && nextRuns.length > 0 && (
        <Part title="Next runs">
          <ForeseenRuns runs={nextRuns} listed={4} />
        </Part>
      )}
      {nextRuns && nextRuns.length > 0 && (
        <Part title="At the times of the next runs">
          <SameTime runs={nextRuns} values={values} id={id} />
        </Part>
      )}
      {slotsGivenUp.length > 0 && (
        <Part title="Slots that are given up">
          {slotsGivenUp.map((slots) => (
            <PassedOver key={slots.firstSlot} slots={slots} />
          ))}
        </Part>
      )}
      <Part title="Room under the limits">
        <Room label="Profiles of the account" of={profilesRoom} />
        {computersRoom && kind !== 'event' && <Room label="Computers of one profile" of={computersRoom} />}
      </Part>
    </>
  );
}

interface Numbers {
  readonly joining: { readonly totalCount: number } | null;
  readonly leaving: { readonly totalCount: number } | null;
  readonly computersRoom: { readonly used: number } | null;
  readonly nextRuns: readonly { readonly at: string }[] | null;
}

/** The consequences in one sentence, which a screen reader says when they change. */
function summary({ joining, leaving, computersRoom, nextRuns }: Numbers, kind: Kind, isNew: boolean): string {
  if (!computersRoom) return 'The problems in the form prevent a forecast.';
  if (kind === 'event')
    return 'Runs on each computer that it matches, when the computer enrols and is accepted.';
  const parts = [`Reaches ${count(computersRoom.used, 'computer')}`];
  if (!isNew && joining && joining.totalCount > 0) parts.push(`${wholeNumber(joining.totalCount)} join`);
  if (!isNew && leaving && leaving.totalCount > 0) parts.push(`${wholeNumber(leaving.totalCount)} leave`);
  const first = nextRuns?.[0];
  parts.push(first ? `the next run is ${relativeTime(first.at, Date.now())}` : 'no run is foreseen');
  return parts.join(', ');
}

const Part = ({ title, children }: { readonly title: string; readonly children: React.ReactNode }) => (
  <section className="preview__part">
    <h3 className="preview__title">{title}</h3>
    {children}
  </section>
);

/** How much of a limit is used. */
function Room({ label, of: { used, max } }: { label: string; of: { used: number; max: number } }) {
  return (
    <div className={`room ${used > max ? 'is-bad' : 'is-busy'}`}>
      <span>{label}</span>
      <span>
        {wholeNumber(used)} of {wholeNumber(max)}
      </span>
      <meter className="room__meter" aria-label={label} min={0} max={max} value={Math.min(used, max)} />
    </div>
  );
}
