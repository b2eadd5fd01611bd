import { check, invalid, Refusal, show } from '../errors.ts';
import { composed, isName, isVisible, NO_HIDDEN } from '../text.ts';
import { computerQuery } from './search-terms.ts';
import { readingOf } from './search-tokens.ts';

/** A search query for computers, saved for the whole account. */
export interface SavedSearch {
  readonly id: number;
  /** Unique in the account. Never changes. */
  readonly name: string;
  readonly title: string;
  readonly search: string;
}

export interface SavedSearchDraft {
  readonly title: string;
  readonly search: string;
  /** Defaults to a name derived from the title. */
  readonly name?: string | null;
}

/** Null and omitted fields do not change. */
export interface SavedSearchEdit {
  readonly title?: string | null;
  readonly search?: string | null;
}

const MAX_SAVED_SEARCHES = 1000;

/** @throws Refusal INVALID_INPUT, TITLE_TAKEN */
export function newSavedSearch(
  { title, search, name }: SavedSearchDraft,
  present: readonly SavedSearch[],
): Omit<SavedSearch, 'id'> {
  const made = check({
    title: () => titleOf(title),
    search: () => searchOf(search),
    name: () => nameOf(name ?? nameFor(title), name == null ? 'title' : 'name'),
  });
  if (present.length >= MAX_SAVED_SEARCHES)
    throw invalid('title', title, `the title of one of at most ${MAX_SAVED_SEARCHES} saved searches`);
  if (!present.some((other) => other.name === made.name)) return made;
  throw new Refusal('TITLE_TAKEN', `A saved search with the name ${show(made.name)} already exists.`, {
    field: name == null ? 'title' : 'name',
    found: show(name ?? title),
    allowed: 'a name that no other saved search of the account has',
  });
}

/** @throws Refusal INVALID_INPUT */
export const editSavedSearch = (saved: SavedSearch, { title, search }: SavedSearchEdit): SavedSearch => ({
  ...saved,
  ...check({
    title: () => (title == null || title === saved.title ? saved.title : titleOf(title)),
    search: () => (search == null || search === saved.search ? saved.search : searchOf(search)),
  }),
});

function titleOf(title: string): string {
  const trimmed = composed(title.trim());
  if (!isName(trimmed)) throw invalid('title', title, `1 to 255 characters, ${NO_HIDDEN}`);
  return trimmed;
}

/**
 * The title in lower case, with one `-` in place of each sequence of characters other than letters and
 * digits.
 */
const nameFor = (title: string): string =>
  composed(title)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');

function nameOf(name: string, field: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,254}$/u.test(name) && isVisible(name)) return name;
  const rule = '1 to 255 letters, digits, `_` and `-`, starting with a letter or digit';
  throw invalid(field, name, field === 'title' ? 'a title with at least one letter or digit' : rule);
}

/** Checks the query, because an invalid one would fail whenever it is used. */
function searchOf(search: string): string {
  const trimmed = search.trim();
  if (trimmed === '') throw invalid('search', search, 'a query with at least one term');
  computerQuery(trimmed, readingOf('search'));
  return trimmed;
}
