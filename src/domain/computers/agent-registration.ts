import { refusalsOf } from '../errors.ts';
import { isName } from '../text.ts';
import { computerTitle, hostname } from './computer.ts';
import { tagList } from './tag.ts';

/** A registration message of `landscape-client`, with unchecked texts. */
export interface AgentRegistration {
  readonly accountName: string;
  readonly registrationKey: string;
  readonly title: string;
  readonly hostname: string;
  /** Comma-separated. */
  readonly tags: string;
  /** Empty if the client requests no group. */
  readonly accessGroup: string;
  readonly machineId: string | null;
}

const MAX_HOSTNAME_LENGTH = 255;
const MAX_TAGS = 1000;

/**
 * Builds the computer of a registration. Invalid names are repaired and invalid tags are dropped. A client
 * cannot process an error message, so it would send the same registration forever.
 */
export function computerOf({ title, hostname: name, tags }: AgentRegistration) {
  const host = repairedHostname(name);
  return {
    hostname: host,
    title: isAllowed(() => computerTitle(title)) ? title : host,
    tags: tagList(
      tags
        .split(',', MAX_TAGS)
        .map((tag) => tag.trim())
        .filter((tag) => isAllowed(() => tagList([tag]))),
    ),
  };
}

/** A machine id that can be compared with others. Null for an invalid text. */
export const machineIdOf = (text: string | null | undefined): string | null =>
  text != null && isName(text) ? text.toLowerCase() : null;

function repairedHostname(name: string): string {
  if (isAllowed(() => hostname(name))) return name;
  const repaired = name
    .slice(0, 4 * MAX_HOSTNAME_LENGTH)
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .slice(0, MAX_HOSTNAME_LENGTH)
    .replace(/^[.-]+/, '');
  // Scans from the end, because a pattern would take quadratic time on long runs of dots.
  let end = repaired.length;
  while (end > 0 && '.-'.includes(repaired[end - 1]!)) end -= 1;
  return repaired.slice(0, end) || 'unknown';
}

const isAllowed = (check: () => unknown): boolean => refusalsOf(check).length === 0;
