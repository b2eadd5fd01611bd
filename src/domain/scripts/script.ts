import type { AccessGroup } from '../accounts/access-group.ts';
import type { Person } from '../accounts/person.ts';
import { checkChange, editedAt, withoutNulls } from '../edit.ts';
import { check, invalid, Refusal } from '../errors.ts';
import { composed, isName, isVisible, NO_HIDDEN, UNWRITABLE, withoutMark } from '../text.ts';
import type { Instant } from '../time.ts';

/** A script. Profiles always run its newest version. */
export interface Script {
  readonly id: number;
  readonly title: string;
  readonly status: ScriptStatus;
  readonly accessGroup: AccessGroup;
  readonly versionNumber: number;
  /**
   * Incremented by each edit, including archiving and changes of attachments. Used as the optimistic lock.
   */
  readonly version: number;
  /** Without the `#!`. */
  readonly interpreter: string;
  readonly code: string;
  /** Seconds. The default for manual runs. */
  readonly timeLimit: number;
  /** Empty if not set. */
  readonly username: string;
  readonly createdBy: Person | null;
  readonly createdAt: Instant;
  readonly lastEditedBy: Person | null;
  readonly lastEditedAt: Instant;
}

/** A script without its code, which may be long and is fetched separately. */
export interface ScriptHead extends Omit<Script, 'code'> {
  /** Bytes. */
  readonly codeLength: number;
}

export const scriptStatuses = ['ACTIVE', 'ARCHIVED', 'REDACTED'] as const;
export type ScriptStatus = (typeof scriptStatuses)[number];

/** A script's text at one point in time. Versions are numbered from 1. Only the newest is run. */
export interface ScriptVersion {
  readonly scriptId: number;
  readonly number: number;
  readonly title: string;
  readonly interpreter: string;
  /** Bytes. The code may be long, so it is fetched separately. */
  readonly codeLength: number;
  readonly createdBy: Person | null;
  readonly createdAt: Instant;
}

/** The editable fields of a script. */
export interface ScriptText {
  readonly title: string;
  readonly interpreter: string;
  readonly code: string;
  readonly timeLimit: number;
  readonly username: string;
}

/** Replaces interpreter and code in every version of a redacted script. */
export const REDACTED = {
  interpreter: '/bin/false',
  code: 'The code for this script has been redacted.',
} as const;

/**
 * Bytes. Even if every character is escaped to two, the code fits into the largest document that /graphql
 * accepts.
 */
export const MAX_CODE_LENGTH = 128_000;
const MAX_TIME_LIMIT_SECONDS = 2_147_483_647;

export function titleOf(title: string): string {
  const trimmed = composed(title.trim());
  if (!isName(trimmed)) throw invalid('title', title, `1 to 255 characters, ${NO_HIDDEN}`);
  return trimmed;
}

/** The title after an edit. A stored title that violates newer rules may be sent back unchanged. */
export const editedTitle = (before: string, given: string): string =>
  composed(given.trim()) === composed(before) ? before : titleOf(given);

export function timeLimitOf(seconds: number): number {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_TIME_LIMIT_SECONDS) {
    throw invalid('timeLimit', seconds, `a whole number of seconds from 1 to ${MAX_TIME_LIMIT_SECONDS}`);
  }
  return seconds;
}

export function usernameOf(username: string): string {
  // Outer spaces are usually typing errors and are trimmed. A line end is rejected, because it suggests
  // truncated or pasted text.
  const trimmed = isVisible(username) ? username.trim() : username;
  if (!isName(trimmed, 256) || /[:/]/.test(trimmed))
    throw invalid('username', username, `1 to 256 characters, ${NO_HIDDEN}, \`:\` or \`/\``);
  return trimmed;
}

function interpreterOf(text: string): string {
  const interpreter = withoutMark(text).replace(/^#!/, '').trim();
  if (interpreter.startsWith('/') && isName(interpreter, 1023)) return interpreter;
  const allowed = `the absolute path of a program, at most 1,023 characters, ${NO_HIDDEN}`;
  throw invalid('interpreter', text, allowed);
}

/** Splits a whole script into its interpreter line and its code. @throws Refusal INVALID_INPUT */
export function splitScript(text: string): Pick<ScriptText, 'interpreter' | 'code'> {
  const [, interpreter, code] = /^#!([^\r\n]*)(?:\r\n|\r|\n|$)(.*)$/s.exec(withoutMark(text)) ?? [];
  if (interpreter === undefined || code === undefined) {
    throw invalid('code', text, 'a script whose first line is `#!` and the path of its interpreter');
  }
  return { interpreter, code };
}

/**
 * Checks and normalizes a script's text. Carriage returns and the byte order mark are removed, because they
 * break the `#!` line on the computers.
 */
function checkText(text: ScriptText, stored?: ScriptText): ScriptText {
  return check({
    title: () => (stored ? editedTitle(stored.title, text.title) : titleOf(text.title)),
    interpreter: () => checkChange(text.interpreter, stored?.interpreter, interpreterOf),
    code: () => {
      const code = withoutMark(text.code).replaceAll('\r\n', '\n').replaceAll('\r', '\n');
      if (code.trim() === '' || Buffer.byteLength(code) > MAX_CODE_LENGTH || UNWRITABLE.test(code)) {
        throw invalid('code', text.code, `1 to ${MAX_CODE_LENGTH} bytes of UTF-8 without NUL`);
      }
      return code;
    },
    timeLimit: () => timeLimitOf(text.timeLimit),
    username: () => (text.username === '' ? '' : checkChange(text.username, stored?.username, usernameOf)),
  });
}

export type ScriptDraft = Pick<ScriptText, 'title' | 'interpreter' | 'code'> & {
  readonly timeLimit?: number | null;
  readonly username?: string | null;
};

/** Null and omitted fields do not change. */
export type ScriptEdit = { readonly [Field in keyof ScriptText]?: ScriptText[Field] | null };

interface Made {
  readonly by: Person;
  readonly at: Instant;
}

const DEFAULT_TIME_LIMIT = 300;

export function newScript(
  draft: ScriptDraft,
  { accessGroup, by, at }: Made & { accessGroup: AccessGroup },
): Omit<Script, 'id'> {
  const text = checkText({
    ...draft,
    timeLimit: draft.timeLimit ?? DEFAULT_TIME_LIMIT,
    username: draft.username ?? '',
  });
  return {
    ...text,
    status: 'ACTIVE',
    accessGroup,
    versionNumber: 1,
    version: 1,
    createdBy: by,
    createdAt: at,
    lastEditedBy: by,
    lastEditedAt: at,
  };
}

/** Returns the edited script, or the same object if the edit changes nothing. */
export function editScript(script: Script, edit: ScriptEdit, made: Made): Script {
  checkActive(script, 'id');
  const { title, interpreter, code, timeLimit, username } = script;
  const before: ScriptText = { title, interpreter, code, timeLimit, username };
  const after = checkText({ ...before, ...(withoutNulls(edit) as Partial<ScriptText>) }, before);
  const changed = (Object.keys(after) as (keyof ScriptText)[]).filter(
    (field) => after[field] !== before[field],
  );
  if (changed.length === 0) return script;
  const runsDifferently = changed.some((field) => field === 'interpreter' || field === 'code');
  return {
    ...edited(script, made),
    ...after,
    versionNumber: script.versionNumber + (runsDifferently ? 1 : 0),
  };
}

/** Archives a script. A redacted script stays redacted. */
export function archiveScript(script: Script, made: Made): Script {
  if (script.status === 'ARCHIVED') return script;
  checkActive(script, 'id');
  return { ...edited(script, made), status: 'ARCHIVED' };
}

export function redactScript(script: Script, made: Made): Script {
  if (script.status === 'REDACTED') return script;
  return { ...edited(script, made), ...REDACTED, status: 'REDACTED' };
}

/**
 * Counts a change of attachments as an edit. It creates no new version, because attachments belong to the
 * script.
 */
export function attachmentsChanged(script: Script, made: Made): Script {
  checkActive(script, 'scriptId');
  return edited(script, made);
}

const edited = (script: Script, { by, at }: Made): Script => ({
  ...script,
  version: script.version + 1,
  lastEditedBy: by,
  lastEditedAt: editedAt(script, at),
});

/** Checks that the script is neither archived nor redacted. @throws Refusal SCRIPT_NOT_ACTIVE */
export function checkActive(script: Pick<Script, 'id' | 'status'>, field: string): void {
  if (script.status === 'ACTIVE') return;
  throw new Refusal(
    'SCRIPT_NOT_ACTIVE',
    `The script ${script.id} is ${script.status.toLowerCase()}; only an active script can be used.`,
    { field, found: script.status, allowed: 'ACTIVE' },
  );
}
