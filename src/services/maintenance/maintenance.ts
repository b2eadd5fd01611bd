import type { Readable } from 'node:stream';
import type { Inspection } from './diagnosis.ts';

/** How far the copying of a database is. */
export interface CopyProgress {
  /** What is being done with it. */
  readonly step: 'copied' | 'compared';
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

export type OnProgress = (progress: CopyProgress) => void;

/** What was copied, and found to be the same row by row. */
export interface Copied {
  readonly tables: number;
  readonly rows: number;
}

/** What commands want done with a database that one process alone can open. */
export interface Maintenance {
  /** A backup as it is kept in a file. Whoever reads it need not hurry: it is made before. */
  backup(): Promise<Readable>;
  /** Puts a backup's data in the place of what is there; all of it or nothing. */
  restore(backup: Readable, onProgress: OnProgress): Promise<Copied>;
  /** Carries everything over to an empty database of a server, and leaves this one retired. */
  move(to: string, onProgress: OnProgress): Promise<Copied>;
  /** What `npm run doctor` looks at. */
  examine(): Promise<Inspection>;
}
