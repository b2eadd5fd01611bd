import { Button } from '@canonical/react-components';
import { FieldDifferences } from '../../../components/field-differences.tsx';
import { Notice } from '../../../components/page/notice.tsx';
import { differencesOf, type RoleValues } from './role-values.ts';

interface Props {
  readonly stored: RoleValues;
  readonly mine: RoleValues;
  readonly takeStored: () => void;
}

/** Two people edited the same role. Shows both. */
export function RoleClash({ stored, mine, takeStored }: Props) {
  return (
    <section aria-label="Clash of two edits" className="clash">
      <Notice severity="caution" title="Another person changed this role while you edited it" role="alert" />
      <FieldDifferences beforeTitle="Stored" afterTitle="Yours" differences={differencesOf(stored, mine)} />
      <Button type="button" onClick={takeStored}>
        Discard mine and edit the stored one
      </Button>
    </section>
  );
}
