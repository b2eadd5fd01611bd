import type { ScriptProfileState } from '../../generated/graphql.ts';

const reasons: Readonly<Record<ScriptProfileState, string>> = {
  ACTIVE: 'No run is foreseen: the schedule never matches again.',
  PAUSED: 'None while the profile is paused.',
  FINISHED: 'None. It ran once. To run it again, edit its time.',
  ARCHIVED: 'None. An archived profile never runs.',
};

/** Why no run is foreseen. */
export const NoRuns = ({
  state,
  isEvent,
}: {
  readonly state: ScriptProfileState;
  readonly isEvent: boolean;
}) => (
  <p className="u-text--muted">
    {isEvent && state === 'ACTIVE'
      ? 'It runs on each computer when the computer enrols and is accepted.'
      : reasons[state]}
  </p>
);
