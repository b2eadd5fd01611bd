import { StreamLanguage } from '@codemirror/language';
import type { Extension } from '@codemirror/state';

const parsers = {
  shell: () => import('@codemirror/legacy-modes/mode/shell').then(({ shell }) => shell),
  python: () => import('@codemirror/legacy-modes/mode/python').then(({ python }) => python),
  perl: () => import('@codemirror/legacy-modes/mode/perl').then(({ perl }) => perl),
  ruby: () => import('@codemirror/legacy-modes/mode/ruby').then(({ ruby }) => ruby),
} as const;

/** Highlighting for an interpreter such as `/usr/bin/python3`. None for one that is not known. */
export async function languageOf(interpreter: string): Promise<Extension> {
  const program =
    interpreter
      .trim()
      .split(/[\s/]+/)
      .findLast((part) => /^[a-z]/.test(part)) ?? '';
  const name = (['python', 'perl', 'ruby'] as const).find((one) => program.startsWith(one));
  const isShell = /^(ba|da|z|k)?sh$/.test(program);
  if (!name && !isShell) return [];
  return StreamLanguage.define(await parsers[name ?? 'shell']());
}
