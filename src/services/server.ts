import type { Store } from './ports.ts';
import { VERSION } from './version.ts';

/** What anybody may know, before they have said who they are. */
export function serverService({ read }: Store) {
  return {
    version: VERSION,

    /** Whether somebody can log in at all. */
    async hasAccount(): Promise<boolean> {
      return (await read.accounts.ids()).length > 0;
    },
  };
}
