import type { EventAction } from './event.ts';

/** What happened to a script profile. */
export const scriptProfileChanges = [
  'CREATED',
  'EDITED',
  'PAUSED',
  'RESUMED',
  'ARCHIVED',
  'RAN',
  'RESCHEDULED',
] as const;
export type ScriptProfileChange = (typeof scriptProfileChanges)[number];

/** What happened to a computer, each as the event log has it: `COMPUTER_ENROLLED`. */
export const computerChanges = ['ENROLLED', 'ACCEPTED', 'EDITED', 'REJECTED', 'REMOVED', 'REPLACED'] as const;
export type ComputerChange = (typeof computerChanges)[number];

/** The same of a script. */
export const scriptChanges = ['CREATED', 'EDITED', 'ARCHIVED', 'REDACTED'] as const;
export type ScriptChange = (typeof scriptChanges)[number];

/** What a transaction changed, as far as those who watch must know to look it up again: never what it is now. */
export type Change =
  | {
      readonly kind: 'scriptProfile';
      readonly accountId: number;
      readonly id: number;
      readonly change: ScriptProfileChange;
    }
  /** A run, by its parent activity. */
  | {
      readonly kind: 'run';
      readonly accountId: number;
      readonly id: number;
      readonly change: 'STARTED' | 'PROGRESSED' | 'ENDED';
    }
  /** Something was entered in the event log. */
  | {
      readonly kind: 'event';
      readonly accountId: number;
      readonly id: number;
      readonly action: EventAction;
      readonly entity: {
        readonly type: string;
        readonly id: number | null;
        readonly accessGroupId?: number;
      } | null;
    }
  /** Computers of the account were accepted, rejected or removed. */
  | { readonly kind: 'computers'; readonly accountId: number }
  /** Who may get in or see what: of one person, or of anybody in the account. */
  | { readonly kind: 'access'; readonly accountId: number; readonly personId: number | null };
