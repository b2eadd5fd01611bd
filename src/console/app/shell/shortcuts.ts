import { makeVar } from '@apollo/client';
import { useEffect } from 'react';
import { showsUtc } from '../utc.ts';

const KEY = 'shortcuts';

/** Whether single keys work. People who dictate turn them off, because words would press them. */
export const shortcutsAreOn = makeVar(localStorage.getItem(KEY) !== 'off');

export function switchShortcuts(on: boolean): void {
  localStorage.setItem(KEY, on ? 'on' : 'off');
  shortcutsAreOn(on);
}

/** A page marks the element that a key reaches: `<input data-key="/">` is focused, `<a data-key="n">` is clicked. */
const reach = (key: string) => document.querySelector<HTMLElement>(`main [data-key="${CSS.escape(key)}"]`);

/** What a key does on this page, in the words of the element that it reaches. Undefined if the page has no such element. */
export function purposeOf(key: string): string | undefined {
  const element = reach(key);
  return element?.getAttribute('aria-label') ?? element?.textContent ?? undefined;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.shadowRoot !== null ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Keys of every page: `/` goes to the search, `n` creates, `u` shows times in UTC, `?` shows the help. */
export function useShortcuts(showHelp: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, target, ctrlKey, metaKey, altKey } = event;
      if (!shortcutsAreOn() || ctrlKey || metaKey || altKey || isTyping(target)) return;
      if (document.querySelector('[role="dialog"]')) return;
      if (key === '?') showHelp();
      else if (key === 'u') showsUtc(!showsUtc());
      else if (key === '/') reach(key)?.focus();
      else if (key === 'n') reach(key)?.click();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [showHelp]);
}
