import { readFileSync } from 'node:fs';
import type { Store } from './ports.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What anybody may know, before they have said who they are. */
export function serverService({ read }: Store) {
  return {
    version,

    /** Whether somebody can log in at all. */
    async hasAccount(): Promise<boolean> {
      return (await read.accounts.ids()).length > 0;
    },
  };
}
