import { Button, Modal } from '@canonical/react-components';
import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { session } from '../../app/session/session.ts';

/** State of a navigation that needs no question: the form was saved, or the person chose to cancel. */
export const LEAVE = { state: { leaves: true } } as const;

/** Whether two states of a form differ. */
export const differs = (before: unknown, after: unknown): boolean =>
  JSON.stringify(before) !== JSON.stringify(after);

/** Asks before a person leaves the page of a form with changes that are not saved. */
export function LeaveGuard({ isChanged }: { readonly isChanged: boolean }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation, historyAction }) =>
      isChanged &&
      currentLocation.pathname !== nextLocation.pathname &&
      // The state stays in the history, where "Back" finds it again.
      (historyAction === 'POP' || !nextLocation.state?.leaves),
  );
  useEffect(() => {
    if (!isChanged) return;
    const warn = (event: Event) => {
      // Another person who logs in must not keep this page.
      if (session() === 'open') event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isChanged]);
  if (blocker.state !== 'blocked') return null;
  // The dialog may be within the form, which its buttons must not send.
  return (
    <Modal
      title="Leave without saving?"
      close={blocker.reset}
      buttonRow={
        <>
          <Button type="button" onClick={blocker.reset}>
            Keep editing
          </Button>
          <Button type="button" appearance="negative" onClick={blocker.proceed}>
            Discard changes
          </Button>
        </>
      }
    >
      <p>The changes in this form are not saved.</p>
    </Modal>
  );
}
