import { Compartment } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { createEditor } from './editor-view.ts';
import { languageOf } from './languages.ts';

interface Props {
  readonly label: string;
  readonly value: string;
  /** Called with each change. Without it the text can only be read. */
  readonly onChange?: (text: string) => void;
  /** Program that runs the code, such as `/bin/bash`. It selects the highlighting. */
  readonly interpreter?: string;
}

/** Room to write in, although there is no code yet. */
const roomy = EditorView.theme({ '.cm-content, .cm-gutter': { minHeight: '18rem' } });

/** Code with highlighting, numbers and a search (Ctrl+F). Load it with `lazy`, because it is large. */
export default function CodeEditor({ label, value, onChange, interpreter = '' }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<{ view: EditorView; language: Compartment }>(undefined);
  const changed = useRef(onChange);
  changed.current = onChange;
  const isReadOnly = !onChange;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new text is put into the editor below
  useEffect(() => {
    const language = new Compartment();
    const view = createEditor(host.current!, {
      label,
      text: value,
      isReadOnly,
      extensions: [
        language.of([]),
        isReadOnly ? [] : roomy,
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) changed.current?.(state.doc.toString());
        }),
      ],
    });
    editor.current = { view, language };
    return () => view.destroy();
  }, [label, isReadOnly]);

  useEffect(() => {
    const { view } = editor.current!;
    const present = view.state.doc.toString();
    if (present !== value) view.dispatch({ changes: { from: 0, to: present.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const { view, language } = editor.current!;
    let isWanted = true;
    void languageOf(interpreter).then((found) => {
      if (isWanted) view.dispatch({ effects: language.reconfigure(found) });
    });
    return () => {
      isWanted = false;
    };
  }, [interpreter]);

  return <div ref={host} className="code" />;
}
