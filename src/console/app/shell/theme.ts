import { makeVar } from '@apollo/client';

/** What the person chose. `system` follows the operating system. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'theme';
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

const stored = localStorage.getItem(KEY);
export const theme = makeVar<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');

export function chooseTheme(chosen: Theme): void {
  localStorage.setItem(KEY, chosen);
  theme(chosen);
  apply();
}

function apply(): void {
  const isDark = theme() === 'dark' || (theme() === 'system' && prefersDark.matches);
  // Most of vanilla's rules look at any ancestor, but some icons and tooltips only at the body.
  for (const { classList } of [document.documentElement, document.body]) {
    classList.toggle('is-dark', isDark);
    classList.toggle('is-light', !isDark);
  }
  document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
}

/** Before the first paint, so that no page flashes white. */
export function startTheme(): void {
  apply();
  prefersDark.addEventListener('change', apply);
}
