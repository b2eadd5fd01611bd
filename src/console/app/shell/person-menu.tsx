import { useReactiveVar } from '@apollo/client/react';
import { ContextualMenu, Icon, useToastNotification } from '@canonical/react-components';
import { logOut } from '../session/session.ts';
import { useSwitchAccount } from '../session/use-switch-account.ts';
import { useViewer } from '../session/viewer.ts';
import { showsUtc } from '../utc.ts';
import { chooseTheme, type Theme, theme } from './theme.ts';

const themes: readonly (readonly [Theme, string])[] = [
  ['system', 'Theme of the system'],
  ['light', 'Light theme'],
  ['dark', 'Dark theme'],
];

/** Who is logged in, with the account, the theme, the keys and the way out. */
export function PersonMenu({ showHelp }: { readonly showHelp: () => void }) {
  const viewer = useViewer();
  const switchAccount = useSwitchAccount();
  const chosen = useReactiveVar(theme);
  const isUtc = useReactiveVar(showsUtc);
  const toast = useToastNotification();
  const attempt = (work: Promise<void>) =>
    void work.catch((error: unknown) => toast.failure('That did not work', error));
  const others = viewer?.accounts.filter(({ name }) => name !== viewer.accountName) ?? [];
  const mark = (isChosen: boolean, label: string) => (isChosen ? `✓ ${label}` : label);
  return (
    <ContextualMenu
      className="person-menu"
      toggleClassName="p-side-navigation__link person-menu__toggle"
      toggleAppearance="base"
      hasToggleIcon
      toggleLabel={
        <>
          <Icon name="user" light />
          <span className="is-fading-when-collapsed">{viewer?.person.name ?? 'You'}</span>
        </>
      }
      toggleProps={{ 'aria-label': `Menu of ${viewer?.person.name ?? 'your session'}` }}
      position="left"
      links={[
        others.map(({ name, title }) => ({
          children: `Switch to ${title}`,
          onClick: () => attempt(switchAccount(name)),
        })),
        themes.map(([name, label]) => ({
          children: mark(chosen === name, label),
          onClick: () => chooseTheme(name),
        })),
        { children: isUtc ? 'Times in your time zone' : 'Times in UTC', onClick: () => showsUtc(!isUtc) },
        { children: 'Keyboard and help', onClick: showHelp },
        { children: 'Log out', onClick: () => attempt(logOut()) },
      ].flat()}
    />
  );
}
