import type { Readable } from 'node:stream';
import type { Inspection } from './diagnosis.ts';

/** Progress of the copying or distribution of a database. */
export interface CopyProgress {
  /** The current operation on the table. */
  readonly step: 'copied' | 'compared' | 'distributed';
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

export type OnProgress = (progress: CopyProgress) => void;

/** The copied tables and rows, after a comparison row by row. */
export interface Copied {
  readonly tables: number;
  readonly rows: number;
}

/** Maintenance operations that commands request from the only process that can open the database. */
export interface Maintenance {
  /**
   * Returns a backup in the format of backup files. The backup is complete before this method returns, so a
   * slow reader does no harm.
   */
  backup(): Promise<Readable>;
  /** Replaces all data with that of a backup, or nothing if it fails. */
  restore(backup: Readable, onProgress: OnProgress): Promise<Copied>;
  /** Copies all data to an empty database of a server, and retires this database. */
  move(to: string, onProgress: OnProgress): Promise<Copied>;
  /** Inspects the database for `npm run doctor`. */
  examine(): Promise<Inspection>;
}
