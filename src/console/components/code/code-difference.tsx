import { unifiedMergeView } from '@codemirror/merge';
import { useEffect, useRef } from 'react';
import { createEditor } from './editor-view.ts';
import { languageOf } from './languages.ts';

interface Props {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly interpreter?: string;
}

/** Two versions of a text in one, with what was removed and added. Load it with `lazy`, because it is large. */
export default function CodeDifference({ label, before, after, interpreter = '' }: Props) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let view: ReturnType<typeof createEditor> | undefined;
    let isWanted = true;
    void languageOf(interpreter).then((language) => {
      if (!isWanted) return;
      const merge = unifiedMergeView({
        original: before,
        mergeControls: false,
        collapseUnchanged: { margin: 3, minSize: 6 },
      });
      view = createEditor(host.current!, {
        label,
        text: after,
        isReadOnly: true,
        extensions: [language, merge],
      });
    });
    return () => {
      isWanted = false;
      view?.destroy();
    };
  }, [label, before, after, interpreter]);
  return <div ref={host} className="code" />;
}
