import { EndPersonDialog } from './end-person-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { LinkDialog } from './link-dialog.tsx';
import type { PersonAsk } from './person-ask.ts';
import { PersonDialog } from './person-dialog.tsx';
import type { DescribedRole } from './role-options.tsx';

interface Props {
  readonly ask: PersonAsk;
  readonly roles: readonly DescribedRole[];
  readonly close: () => void;
  readonly done: () => void;
}

/** The dialog for what the viewer asked for. */
export function PersonDialogs({ ask, roles, close, done }: Props) {
  switch (ask.to) {
    case 'invite':
      return <InviteDialog roles={roles} close={close} done={done} />;
    case 'edit':
      return <PersonDialog person={ask.person} roles={roles} close={close} done={done} />;
    case 'renew':
    case 'reset':
      return <LinkDialog person={ask.person} how={ask.to} close={close} done={done} />;
    default:
      return <EndPersonDialog person={ask.person} how={ask.to} close={close} done={done} />;
  }
}
