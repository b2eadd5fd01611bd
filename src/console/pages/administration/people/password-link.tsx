import { Button, Modal } from '@canonical/react-components';
import { Secret } from '../../../components/secret.tsx';
import { Time } from '../../../components/time.tsx';

export interface Link {
  readonly url: string;
  readonly expiresAt: string;
}

interface Props {
  readonly name: string;
  readonly link: Link;
  readonly close: () => void;
}

/** A link with which a person sets their password. The gateway sends no e-mail, so the viewer does. */
export function PasswordLink({ name, link, close }: Props) {
  return (
    <Modal
      title={`Link for ${name}`}
      close={close}
      closeOnOutsideClick={false}
      buttonRow={
        <Button appearance="positive" onClick={close}>
          I have copied the link
        </Button>
      }
    >
      <p>
        Send this link only to {name}. It sets the password once, and ends{' '}
        <Time at={link.expiresAt} as="both" />. The console does not show it again.
      </p>
      <Secret label="Link" value={link.url} />
    </Modal>
  );
}
