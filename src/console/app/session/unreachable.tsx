import { Button } from '@canonical/react-components';
import { Notice } from '../../components/page/notice.tsx';
import { ask, session } from './session.ts';

/** The gateway did not answer at the start, so whether there is a session is unknown. */
export function Unreachable() {
  const tryAgain = () => {
    session('asking');
    void ask();
  };
  return (
    <main className="log-in">
      <Notice severity="negative" title="The gateway does not answer">
        Check that it is running and that this computer can reach it.
      </Notice>
      <Button onClick={tryAgain}>Try again</Button>
    </main>
  );
}
