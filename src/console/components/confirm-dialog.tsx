import { Button, Modal } from '@canonical/react-components';
import { type ReactNode, useState } from 'react';
import { reasonsOf } from './page/error-message.tsx';
import { Notice } from './page/notice.tsx';

interface Props {
  readonly title: string;
  /** Label of the button that does it, as a verb: `Archive profile`. */
  readonly action: string;
  readonly appearance?: 'positive' | 'negative';
  /** Label of the button that does nothing. Defaults to "Cancel". */
  readonly keep?: string;
  /** Does it. A rejected promise, or a text that it resolves to, is the reason why it failed. */
  readonly onConfirm: () => Promise<string | undefined>;
  readonly close: () => void;
  /** The consequences, in plain words and with numbers. */
  readonly children: ReactNode;
}

/** Asks before something that cannot be undone, and says what it will do. Closes itself when it is done. */
export function ConfirmDialog(props: Props) {
  const { title, action, appearance = 'negative', keep = 'Cancel', onConfirm, close, children } = props;
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState<string>();
  const confirm = async () => {
    setBusy(true);
    const failure = await onConfirm().catch((error: Error) => reasonsOf(error).join(' '));
    setBusy(false);
    setReason(failure);
    if (failure === undefined) close();
  };
  return (
    <Modal
      title={title}
      close={close}
      buttonRow={
        <>
          <Button onClick={close}>{keep}</Button>
          <Button appearance={appearance} disabled={busy} onClick={() => void confirm()}>
            {action}
          </Button>
        </>
      }
    >
      {reason && (
        <Notice severity="negative" title="Nothing was changed" role="alert">
          {reason}
        </Notice>
      )}
      {children}
    </Modal>
  );
}
