import { Button, Modal } from '@canonical/react-components';
import { type ReactNode, useId } from 'react';
import { Problems } from './problems.tsx';
import type { Problem } from './use-change.ts';

interface Props {
  readonly title: string;
  /** Label of the button that sends the form, as a verb. */
  readonly action: string;
  readonly busy: boolean;
  readonly problems: readonly Problem[];
  /** Names of the fields, which show their own problems. */
  readonly fields: readonly string[];
  readonly onSubmit: () => Promise<void>;
  readonly close: () => void;
  readonly children: ReactNode;
}

/** A small form in front of the page. */
export function FormDialog({ title, action, busy, problems, fields, onSubmit, close, children }: Props) {
  const form = useId();
  return (
    <Modal
      title={title}
      close={close}
      buttonRow={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button appearance="positive" type="submit" form={form} disabled={busy}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          void onSubmit();
        }}
      >
        <Problems of={problems} except={fields} />
        {children}
      </form>
    </Modal>
  );
}
