import { useQuery } from '@apollo/client/react';
import { graphql } from '../../app/graphql.ts';
import { useSettled } from '../live/use-settled.ts';
import { ErrorMessage } from '../page/error-message.tsx';
import { Notice } from '../page/notice.tsx';
import { TagChangeEffects } from './tag-change-effects.tsx';

const PREVIEW = graphql(`
  query TagChangePreview($input: TagChangePreviewInput!) {
    tagChangePreview(input: $input) {
      problems { code field message }
      effects { ...TagEffect scriptProfile { id } }
    }
  }
`);

interface Props {
  readonly computerIds: readonly string[];
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** Shows, while a person types, what the change will start and stop. Nothing is changed yet. */
export function TagChangePreview({ computerIds, add, remove }: Props) {
  const input = useSettled({ computerIds: [...computerIds], add: [...add], remove: [...remove] });
  const isNothing = input.add.length === 0 && input.remove.length === 0;
  const result = useQuery(PREVIEW, { variables: { input }, skip: isNothing, fetchPolicy: 'network-only' });
  const { tagChangePreview: preview } = result.data ?? result.previousData ?? {};
  return (
    <section className="preview" aria-label="Consequences" aria-live="polite" aria-busy={result.loading}>
      <h3 className="preview__title">What this starts and stops</h3>
      {isNothing && <p className="u-text--muted">Add or remove a tag to see it here.</p>}
      {!isNothing && result.error && !preview && <ErrorMessage error={result.error} />}
      {!isNothing && preview && preview.problems.length > 0 && (
        <Notice severity="caution" title="This change is not possible">
          {preview.problems.map(({ message }) => message).join(' ')}
        </Notice>
      )}
      {!isNothing && preview?.effects && <TagChangeEffects effects={preview.effects} />}
    </section>
  );
}
