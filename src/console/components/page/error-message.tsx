import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { Button } from '@canonical/react-components';
import { Notice } from './notice.tsx';

interface Props {
  readonly error: Error;
  /** Asks again. */
  readonly retry?: () => void;
}

/** The reasons of the gateway, each once. */
export function reasonsOf(error: Error): string[] {
  if (!CombinedGraphQLErrors.is(error))
    return [error instanceof TypeError ? 'The gateway does not answer.' : error.message];
  return [...new Set(error.errors.map(({ message }) => message))];
}

/** Says why something could not be loaded. */
export function ErrorMessage({ error, retry }: Props) {
  return (
    <Notice severity="negative" title="This could not be loaded" role="alert">
      {reasonsOf(error).join(' ')}{' '}
      {retry && (
        <Button appearance="link" onClick={retry}>
          Try again
        </Button>
      )}
    </Notice>
  );
}
