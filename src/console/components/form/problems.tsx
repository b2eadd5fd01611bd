import { Notice } from '../page/notice.tsx';
import { belongsTo, type Problem } from './use-change.ts';

interface Props {
  readonly of: readonly Problem[];
  /** Names of the form's fields, which show their own problems. */
  readonly except?: readonly string[];
  readonly title?: string;
}

/** The problems that belong to no field of the form. */
export function Problems({ of, except = [], title = 'Nothing was changed' }: Props) {
  const rest = of.filter(({ field }) => field === null || !except.some((name) => belongsTo(field, name)));
  if (rest.length === 0) return null;
  return (
    <Notice severity="negative" title={title} role="alert">
      {rest.map(({ message }) => message).join(' ')}
    </Notice>
  );
}
