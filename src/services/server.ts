import type { Store } from './ports.ts';
import { VERSION } from './version.ts';

/** Public information, which requires no token. */
export function serverService({ read }: Store) {
  return {
    version: VERSION,

    /** Whether any account exists. Without one, log-ins are impossible. */
    async hasAccount(): Promise<boolean> {
      return (await read.accounts.ids()).length > 0;
    },
  };
}
