import { Button } from '@canonical/react-components';
import { useId, useState } from 'react';

interface Props {
  readonly label: string;
  readonly value: string;
}

/** A text that is shown once, such as a secret, with a button that copies it. */
export function Secret({ label, value }: Props) {
  const id = useId();
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    // Browsers have a clipboard only with HTTPS. Without it, the person copies the selected text.
    const field = document.getElementById(id) as HTMLInputElement;
    field.select();
    await navigator.clipboard?.writeText(value).then(
      () => setIsCopied(true),
      () => undefined,
    );
  };
  return (
    <div className="secret">
      <label htmlFor={id}>{label}</label>
      <div className="secret__field">
        <input id={id} type="text" readOnly value={value} onFocus={({ target }) => target.select()} />
        <Button type="button" onClick={() => void copy()}>
          {isCopied ? 'Copied' : navigator.clipboard ? 'Copy' : 'Select'}
        </Button>
      </div>
    </div>
  );
}
