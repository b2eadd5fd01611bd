import type { EventAction } from './event.ts';

/** Kinds of changes to a script profile. */
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

/** Kinds of changes to a computer. The event log prefixes them, as in `COMPUTER_ENROLLED`. */
export const computerChanges = ['ENROLLED', 'ACCEPTED', 'EDITED', 'REJECTED', 'REMOVED', 'REPLACED'] as const;
export type ComputerChange = (typeof computerChanges)[number];

/** Kinds of changes to a script. The event log prefixes them, as in `SCRIPT_CREATED`. */
export const scriptChanges = ['CREATED', 'EDITED', 'ARCHIVED', 'REDACTED'] as const;
export type ScriptChange = (typeof scriptChanges)[number];

/**
 * A change that a transaction made. It carries only what subscribers need to read the object again, and never
 * the new state.
 */
export type Change =
  | {
      readonly kind: 'scriptProfile';
      readonly accountId: number;
      readonly id: number;
      readonly change: ScriptProfileChange;
    }
  /** A change of a run, identified by its parent activity. */
  | {
      readonly kind: 'run';
      readonly accountId: number;
      readonly id: number;
      readonly change: 'STARTED' | 'PROGRESSED' | 'ENDED';
    }
  /** An event was added to the event log. */
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
  /** A change of access or permissions: of one person, or of the whole account if `personId` is null. */
  | { readonly kind: 'access'; readonly accountId: number; readonly personId: number | null };
