import { makeVar } from '@apollo/client';

/** Whether the console hears of changes. */
export type Connection =
  | { readonly state: 'connecting' | 'live' }
  | { readonly state: 'lost'; readonly since: string };

export const connection = makeVar<Connection>({ state: 'connecting' });

/** Keeps the time of the first loss, however often the client tries again. */
export function noteLoss(): void {
  if (connection().state !== 'lost') connection({ state: 'lost', since: new Date().toISOString() });
}
