import type { Person } from '../accounts/person.ts';
import { invalid } from '../errors.ts';
import type { ScriptAttachment } from '../scripts/script-attachment.ts';
import { firstBytes } from '../text.ts';
import type { Instant } from '../time.ts';
import type { ActivityStatus } from './activity.ts';

/** What one computer is asked to do for a run. Its id is the computer's own key against doing it twice. */
export interface Execution {
  readonly id: number;
  readonly parentId: number;
  readonly computerId: number | null;
  readonly status: ActivityStatus;
  readonly deliveryTime: Instant | null;
  readonly reportedAt: Instant | null;
}

/** What a computer needs to run a script. */
export interface TakenExecution {
  readonly id: number;
  readonly interpreter: string;
  readonly code: string;
  readonly username: string;
  /** Seconds. */
  readonly timeLimit: number;
  /** Somebody canceled it after it was taken: stop, and report what came of it. */
  readonly cancelRequested: boolean;
  /** Files that the script expects beside it, the script's when it is taken. */
  readonly attachments: readonly ScriptAttachment[];
  readonly environment: ExecutionEnvironment;
}

/** What the script finds in its environment, as the real system's client sets it. */
export interface ExecutionEnvironment {
  readonly accountName: string;
  readonly computerId: number;
  readonly computerTags: readonly string[];
  readonly activityId: number;
  readonly activityCreator: Person | null;
  readonly activityCreationTime: Instant;
}

/** What a computer says came of it. */
export interface ExecutionReport {
  readonly succeeded: boolean;
  /** 102 killed at the time limit, 103 exited non-zero, 104 attachments could not be fetched. */
  readonly resultCode?: number | null;
  /** What the script printed; up to 512 KiB are kept. */
  readonly resultText?: string | null;
}

export const resultCodes = [102, 103, 104] as const;
export const MAX_RESULT_BYTES = 512 * 1024;
const TRUNCATED = '\n**OUTPUT TRUNCATED**';

/** Minutes after its time limit that a delivered execution may still take to be reported. */
export const REPORT_GRACE = 10;

/** @throws Refusal INVALID_INPUT */
export function checkReport({ succeeded, resultCode = null, resultText }: ExecutionReport) {
  if (resultCode !== null && (succeeded || !(resultCodes as readonly number[]).includes(resultCode))) {
    const allowed = succeeded ? 'omitted for a success' : `omitted or one of ${resultCodes.join(', ')}`;
    throw invalid('resultCode', resultCode, allowed);
  }
  return {
    status: succeeded ? ('succeeded' as const) : ('failed' as const),
    resultCode,
    resultText: resultText == null ? null : cut(resultText.replaceAll('\0', '\uFFFD')),
  };
}

function cut(text: string): string {
  if (Buffer.byteLength(text) <= MAX_RESULT_BYTES) return text;
  return `${firstBytes(text, MAX_RESULT_BYTES - TRUNCATED.length)}${TRUNCATED}`;
}

/** Whether what a run has not delivered may still be delivered. */
export const isInTime = ({ deliverBy }: { readonly deliverBy: Instant | null }, now: Instant): boolean =>
  deliverBy === null || now < deliverBy;

/** The first report of an execution stands. A canceled or overdue one takes its late report; one not taken has none. */
export const takesReport = ({ deliveryTime, reportedAt }: Execution): boolean =>
  deliveryTime !== null && reportedAt === null;
