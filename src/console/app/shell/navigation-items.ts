import { may, type Viewer } from '../session/viewer.ts';

export interface NavigationItem {
  readonly to: string;
  readonly label: string;
  readonly icon: string;
}

/** The pages that the person may view at least a part of. */
export function navigationItems(viewer: Viewer | undefined): NavigationItem[] {
  const profiles = may(viewer, 'VIEW_SCRIPT_PROFILE');
  const items: (NavigationItem | false)[] = [
    { to: '/', label: 'Overview', icon: 'statistics' },
    profiles && { to: '/profiles', label: 'Profiles', icon: 'profiles' },
    profiles && { to: '/runs', label: 'Runs', icon: 'status' },
    profiles && { to: '/calendar', label: 'Calendar', icon: 'calendar' },
    may(viewer, 'VIEW_COMPUTER') && { to: '/computers', label: 'Computers', icon: 'machines' },
    may(viewer, 'VIEW_SCRIPT') && { to: '/scripts', label: 'Scripts', icon: 'code' },
    { to: '/administration', label: 'Administration', icon: 'settings' },
  ];
  return items.filter((item) => item !== false);
}
