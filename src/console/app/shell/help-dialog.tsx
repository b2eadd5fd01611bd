import { useReactiveVar } from '@apollo/client/react';
import { Modal, Switch } from '@canonical/react-components';
import { shortcutsAreOn, switchShortcuts } from './shortcuts.ts';

const keys: readonly (readonly [key: string, does: string])[] = [
  ['/', 'Search in the list'],
  ['n', 'Create a new profile or script'],
  ['?', 'Show this help'],
  ['Esc', 'Close a dialog or a menu'],
];

/** The keys of the console, and the switch for them. */
export function HelpDialog({ close }: { readonly close: () => void }) {
  const on = useReactiveVar(shortcutsAreOn);
  return (
    <Modal title="Keyboard" close={close}>
      <dl className="keys">
        {keys.map(([key, does]) => (
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
        Times are shown in your time zone. Hover over a time to see it in UTC.
      </p>
    </Modal>
  );
}
