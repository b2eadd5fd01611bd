import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { oneDarkHighlight } from './dark-highlight.ts';

/** Colours come from the page's theme through custom properties, which reach into the shadow root. */
const theme = EditorView.theme({
  '&': { color: 'var(--vf-color-text-default)', fontSize: '0.875rem', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: '2px solid var(--vf-color-focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--console-monospace)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--vf-color-text-default)' },
  '.cm-cursor': { borderLeftColor: 'var(--vf-color-text-default)' },
  '.cm-gutters': {
    color: 'var(--vf-color-text-muted)',
    backgroundColor: 'transparent',
    borderRight: '1px solid var(--vf-color-border-low-contrast)',
  },
  '.cm-panels': { color: 'inherit', backgroundColor: 'var(--vf-color-background-alt)' },
  '.cm-panels input, .cm-panels button': {
    font: 'inherit',
    color: 'inherit',
    background: 'var(--vf-color-background-inputs)',
  },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--console-selection) !important',
  },
});

export interface EditorSettings {
  /** Says what the text is: `Code of the script`. */
  readonly label: string;
  readonly text: string;
  readonly isReadOnly: boolean;
  readonly extensions?: Extension;
}

/**
 * A CodeMirror in a shadow root. There its styles are a constructed sheet, which the page's Content-Security-Policy
 * allows. In the document they would be an inline style element, which it forbids.
 */
export function createEditor(host: HTMLElement, settings: EditorSettings): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const { label, text, isReadOnly, extensions = [] } = settings;
  const isDark = document.documentElement.classList.contains('is-dark');
  const state = EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      history(),
      search({ top: true }),
      highlightSelectionMatches(),
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
      syntaxHighlighting(isDark ? oneDarkHighlight : defaultHighlightStyle),
      theme,
      EditorState.readOnly.of(isReadOnly),
      EditorView.contentAttributes.of({
        'aria-label': label,
        ...(isReadOnly && { 'aria-readonly': 'true' }),
      }),
      extensions,
    ],
  });
  return new EditorView({ state, root, parent: root });
}
