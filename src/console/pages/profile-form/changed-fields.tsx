import { graphql, read } from '../../app/graphql.ts';
import { FieldDifferences } from '../../components/field-differences.tsx';
import { profileFieldLabel, profileFieldWords } from '../../format/profile-field.ts';
import type { FragmentType } from '../../generated/fragment-masking.ts';

const FIELD = graphql(`
  fragment ChangedField on FieldDifference { field current yours }
`);

/** The fields that saving would change. */
export function ChangedFields({ fields }: { readonly fields: readonly FragmentType<typeof FIELD>[] }) {
  return (
    <FieldDifferences
      beforeTitle="Stored"
      afterTitle="Yours"
      differences={fields.map((one) => {
        const { field, current, yours } = read(FIELD, one);
        return {
          field: profileFieldLabel(field),
          before: profileFieldWords(field, current),
          after: profileFieldWords(field, yours),
        };
      })}
    />
  );
}
