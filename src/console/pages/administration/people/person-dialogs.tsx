import { EndPersonDialog } from './end-person-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { PersonDialog } from './person-dialog.tsx';

export interface PersonToChange {
  readonly id: string;
  readonly databaseId: number;
  readonly name: string;
  readonly email: string;
  readonly version: number | null;
  readonly hasPassword: boolean | null;
  readonly passwordLinkExpiresAt: string | null;
  readonly roles: readonly { readonly name: string }[] | null;
}

/** What the viewer asked for. */
export type PersonAsk =
  | { readonly to: 'invite' }
  | {
      readonly to: 'edit' | 'renew' | 'reset' | 'revoke' | 'remove' | 'log-out';
      readonly person: PersonToChange;
    };

interface Props {
  readonly ask: PersonAsk;
  readonly roles: readonly { readonly name: string }[];
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
