import { Application, AppMain, AppNavigationBar, SkipLink } from '@canonical/react-components';
import { type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'react-router';
import { Loading } from '../../components/page/loading.tsx';
import { ErrorBoundary } from '../error-boundary.tsx';
import { noteHolder } from '../session/session.ts';
import { useViewer } from '../session/viewer.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { useLiveRuns } from './live-runs.ts';
import { Logo } from './logo.tsx';
import { Navigation } from './navigation.tsx';
import { useShortcuts } from './shortcuts.ts';

const MAIN = 'main-content';

/** The frame of every page: navigation at the side, the state of the connection, and the page itself. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { pathname } = useLocation();
  const [helps, setHelps] = useState(false);
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const showHelp = useCallback(() => setHelps(true), []);
  useShortcuts(showHelp);
  useLiveRuns();
  const viewer = useViewer();
  useEffect(() => {
    if (viewer) noteHolder(viewer.person.email, viewer.accountName);
  }, [viewer]);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    setIsMenuOpen(false);
    // Another page starts at its top, for the eye as well as for the keyboard and the screen reader.
    const main = document.getElementById(MAIN);
    main?.scrollTo(0, 0);
    main?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <>
      <Application>
        <SkipLink mainId={MAIN} />
        <AppNavigationBar>
          <div className="p-panel is-dark">
            <div className="p-panel__header">
              <Link className="p-panel__logo" to="/">
                <Logo />
              </Link>
              <button
                type="button"
                className="p-panel__toggle p-button--base is-dark"
                aria-expanded={isMenuOpen}
                onClick={() => setIsMenuOpen(!isMenuOpen)}
              >
                Menu
              </button>
            </div>
          </div>
        </AppNavigationBar>
        <aside aria-label="Navigation" className={isMenuOpen ? 'l-navigation' : 'l-navigation is-collapsed'}>
          <Navigation close={() => setIsMenuOpen(false)} showHelp={showHelp} />
        </aside>
        <AppMain id={MAIN} tabIndex={-1}>
          <ConnectionBanner />
          <ErrorBoundary key={pathname}>
            <Suspense fallback={<Loading />}>{children}</Suspense>
          </ErrorBoundary>
        </AppMain>
      </Application>
      {helps && <HelpDialog close={() => setHelps(false)} />}
    </>
  );
}
