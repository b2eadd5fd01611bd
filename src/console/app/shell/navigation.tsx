import { Button, Icon, SideNavigation } from '@canonical/react-components';
import { Link, NavLink } from 'react-router';
import { useViewer } from '../session/viewer.ts';
import { Logo } from './logo.tsx';
import { navigationItems } from './navigation-items.ts';
import { PersonMenu } from './person-menu.tsx';

interface Props {
  /** Closes the menu, which covers a small screen. */
  readonly close: () => void;
  readonly showHelp: () => void;
}

/** The pages, and the menu of the person who is logged in. */
export function Navigation({ close, showHelp }: Props) {
  const viewer = useViewer();
  const account = viewer?.accounts.find(({ name }) => name === viewer.accountName);
  const items = navigationItems(viewer).map((item) => ({ ...item, end: item.to === '/', onClick: close }));
  return (
    <div className="p-panel is-dark navigation">
      <div className="p-panel__header is-sticky">
        <Link className="p-panel__logo" to="/" onClick={close}>
          <Logo />
        </Link>
        <div className="p-panel__controls u-hide--large u-hide--medium">
          <Button hasIcon appearance="base" className="is-dark u-no-margin" onClick={close}>
            <Icon name="close" light>
              Close menu
            </Icon>
          </Button>
        </div>
      </div>
      <div className="p-panel__content">
        <SideNavigation dark ariaLabel="Pages" linkComponent={NavLink} items={[{ items }]} />
      </div>
      <div className="navigation__person">
        <p className="navigation__account is-fading-when-collapsed">
          {account?.title ?? viewer?.accountName}
        </p>
        <PersonMenu showHelp={showHelp} />
      </div>
    </div>
  );
}
