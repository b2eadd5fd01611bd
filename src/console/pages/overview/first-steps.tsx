import { useQuery } from '@apollo/client/react';
import { Icon } from '@canonical/react-components';
import { Link } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { Loaded } from '../../components/page/loaded.tsx';

const STEPS = graphql(`
  query FirstSteps {
    computers(first: 0, filter: { statuses: [ACCEPTED, PENDING] }) { totalCount }
    scripts(first: 0) { totalCount }
  }
`);

/** What to do in an account without a script profile. */
export function FirstSteps() {
  const result = useQuery(STEPS);
  return (
    <Loaded of={result} part={(data) => data}>
      {({ computers, scripts }) => (
        <div className="first-steps">
          <h2>Three steps to the first run</h2>
          <ol>
            <Step isDone={(computers?.totalCount ?? 0) > 0} to="/computers" title="Enrol computers">
              Computers register with the account and wait until an administrator accepts them.
            </Step>
            <Step isDone={(scripts?.totalCount ?? 0) > 0} to="/scripts/new" title="Write a script">
              A script is what runs on the computers, in any language that they have.
            </Step>
            <Step isDone={false} to="/profiles/new" title="Create a profile">
              A profile says on which computers a script runs, and when.
            </Step>
          </ol>
        </div>
      )}
    </Loaded>
  );
}

interface StepProps {
  readonly isDone: boolean;
  readonly to: string;
  readonly title: string;
  readonly children: string;
}

const Step = ({ isDone, to, title, children }: StepProps) => (
  <li className={isDone ? 'is-done' : undefined}>
    <Link to={to}>{title}</Link> {isDone && <Icon name="success">Done</Icon>}
    <span className="u-text--muted">{children}</span>
  </li>
);
