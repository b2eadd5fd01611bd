import { useReactiveVar } from '@apollo/client/react';
import { Modal, Switch } from '@canonical/react-components';
import { useState } from 'react';
import { purposeOf, shortcutsAreOn, switchShortcuts } from './shortcuts.ts';

type Key = readonly [key: string, does: string];

const keys: readonly Key[] = [
  ['u', 'Show times in UTC, or in your time zone again'],
  ['?', 'Show this help'],
  ['Esc', 'Close a dialog or a menu'],
];

/** Keys that reach something on the page behind the dialog. */
const keysOfPage = (): readonly Key[] =>
  ['/', 'n'].flatMap((key) => {
    const does = purposeOf(key);
    return does ? [[key, does] as const] : [];
  });

/** The keys that work on this page, and the switch for them. */
export function HelpDialog({ close }: { readonly close: () => void }) {
  const on = useReactiveVar(shortcutsAreOn);
  const [ofPage] = useState(keysOfPage);
  return (
    <Modal title="Keyboard" close={close}>
      <dl className="keys">
        {[...ofPage, ...keys].map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Switch
        label="Single keys work"
        checked={on}
        onChange={({ currentTarget }) => switchShortcuts(currentTarget.checked)}
      />
      <p className="p-text--small u-text--muted">
        Times are shown in your time zone. Hover over a time, or press u, to see it in UTC.
      </p>
    </Modal>
  );
}
