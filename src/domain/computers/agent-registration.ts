import { refusalsOf } from '../errors.ts';
import { isName } from '../text.ts';
import { computerTitle, hostname } from './computer.ts';
import { tagList } from './tag.ts';

/** How `landscape-client` asks to be managed, in its own words. */
export interface AgentRegistration {
  readonly accountName: string;
  readonly registrationKey: string;
  readonly title: string;
  readonly hostname: string;
  /** Separated by commas. */
  readonly tags: string;
  /** Empty for none. */
  readonly accessGroup: string;
  readonly machineId: string | null;
}

const MAX_HOSTNAME_LENGTH = 255;
const MAX_TAGS = 1000;

/**
 * The computer that a registration makes. A client can't be told what is wrong with a name, and would try the same one
 * forever: whatever no computer may have is mended or left out.
 */
export function computerOf({ title, hostname: name, tags }: AgentRegistration) {
  const host = mendedHostname(name);
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

/** A text that may be compared with others of its kind; null for any other. */
export const machineIdOf = (text: string | null | undefined): string | null =>
  text != null && isName(text) ? text.toLowerCase() : null;

function mendedHostname(name: string): string {
  if (isAllowed(() => hostname(name))) return name;
  const mended = name
    .slice(0, 4 * MAX_HOSTNAME_LENGTH)
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .slice(0, MAX_HOSTNAME_LENGTH)
    .replace(/^[.-]+/, '');
  // From the end by index: a pattern would look at each run of dots from each of its characters.
  let end = mended.length;
  while (end > 0 && '.-'.includes(mended[end - 1]!)) end -= 1;
  return mended.slice(0, end) || 'unknown';
}

const isAllowed = (check: () => unknown): boolean => refusalsOf(check).length === 0;
