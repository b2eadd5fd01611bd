import { Button, type ButtonProps, Tooltip } from '@canonical/react-components';
import type { ReactNode } from 'react';
import { graphql, read } from '../app/graphql.ts';
import type { FragmentType } from '../generated/fragment-masking.ts';

const VERDICT = graphql(`
  fragment Verdict on ViewerVerdict { allowed reason message }
`);

interface Props {
  /** The field of `viewerPermissions` for the action. */
  readonly verdict: FragmentType<typeof VERDICT>;
  readonly appearance?: ButtonProps['appearance'];
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/**
 * A button for what the viewer may do. Without the permission it is not offered. Where only the moment is wrong it
 * stays, does nothing, and says why.
 */
export function VerdictButton({ verdict, appearance, onClick, children }: Props) {
  const { allowed, reason, message } = read(VERDICT, verdict);
  if (reason === 'FORBIDDEN') return null;
  if (allowed)
    return (
      <Button appearance={appearance} onClick={onClick}>
        {children}
      </Button>
    );
  return (
    <Tooltip message={message} position="btm-right">
      <Button aria-disabled appearance={appearance} className="is-disabled">
        {children}
        <span className="u-off-screen"> ({message})</span>
      </Button>
    </Tooltip>
  );
}
