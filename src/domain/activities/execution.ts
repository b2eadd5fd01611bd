import type { Person } from '../accounts/person.ts';
import { invalid } from '../errors.ts';
import type { ScriptAttachment } from '../scripts/script-attachment.ts';
import { firstBytes } from '../text.ts';
import type { Instant } from '../time.ts';
import type { ActivityStatus } from './activity.ts';

/** The part of a run on one computer. The computer uses the id as an idempotency key. */
export interface Execution {
  readonly id: number;
  readonly parentId: number;
  readonly computerId: number | null;
  readonly status: ActivityStatus;
  readonly deliveryTime: Instant | null;
  readonly reportedAt: Instant | null;
}

/** The data that a computer needs to run a script. */
export interface TakenExecution {
  readonly id: number;
  readonly interpreter: string;
  readonly code: string;
  readonly username: string;
  /** Seconds. */
  readonly timeLimit: number;
  /** The execution was canceled after delivery. The computer should stop it and report the result. */
  readonly cancelRequested: boolean;
  /** Files that the script expects beside it, as of the delivery. */
  readonly attachments: readonly ScriptAttachment[];
  readonly environment: ExecutionEnvironment;
}

/** Values of the script's environment variables, which are the same as in Landscape. */
export interface ExecutionEnvironment {
  readonly accountName: string;
  readonly computerId: number;
  readonly computerTags: readonly string[];
  readonly activityId: number;
  readonly activityCreator: Person | null;
  readonly activityCreationTime: Instant;
}

/** The result of an execution, as reported by the computer. */
export interface ExecutionReport {
  readonly succeeded: boolean;
  /** 102: killed at the time limit. 103: non-zero exit status. 104: attachments could not be fetched. */
  readonly resultCode?: number | null;
  /** Output of the script. Only the first 512 KiB are stored. */
  readonly resultText?: string | null;
}

export const resultCodes = [102, 103, 104] as const;
export const MAX_RESULT_BYTES = 512 * 1024;
const TRUNCATED = '\n**OUTPUT TRUNCATED**';

/** Minutes after its time limit within which a delivered execution may still be reported. */
export const REPORT_GRACE_MINUTES = 10;

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

/** Whether a run's undelivered executions may still be delivered. */
export const isInTime = ({ deliverBy }: { readonly deliverBy: Instant | null }, now: Instant): boolean =>
  deliverBy === null || now < deliverBy;

/**
 * Whether a report of this execution is accepted. Only the first report counts. A canceled or overdue
 * execution accepts a late report. An undelivered execution accepts none.
 */
export const takesReport = ({ deliveryTime, reportedAt }: Execution): boolean =>
  deliveryTime !== null && reportedAt === null;
