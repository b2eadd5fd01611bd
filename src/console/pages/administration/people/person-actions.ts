import type { MenuLink } from '@canonical/react-components';
import type { PersonAsk, PersonToChange } from './person-ask.ts';

interface Context {
  readonly mayChange: boolean;
  readonly mayLogOut: boolean;
  readonly mayViewEvents: boolean;
  readonly setAsk: (ask: PersonAsk) => void;
  readonly navigate: (path: string) => unknown;
}

/** What the viewer may do with a person. */
export function personActions(person: PersonToChange, context: Context): MenuLink[] {
  const { mayChange, mayLogOut, mayViewEvents, setAsk, navigate } = context;
  const isInvited = !person.hasPassword && person.passwordLinkExpiresAt !== null;
  const offer = (isOffered: boolean, children: string, to: Exclude<PersonAsk['to'], 'invite'>) =>
    isOffered ? [{ children, onClick: () => setAsk({ to, person }) }] : [];
  return [
    ...offer(mayChange, 'Edit', 'edit'),
    ...offer(mayChange && isInvited, 'Renew invitation', 'renew'),
    ...offer(mayChange && isInvited, 'Revoke invitation', 'revoke'),
    ...offer(mayChange && !isInvited, 'Create password link', 'reset'),
    ...offer(mayLogOut && !isInvited, 'Log out everywhere', 'log-out'),
    ...offer(mayChange && !isInvited, 'Remove', 'remove'),
    ...(mayViewEvents
      ? [
          {
            children: 'Show what they did',
            onClick: () => navigate(`/administration/event-log?person=${person.databaseId}`),
          },
        ]
      : []),
  ];
}
