import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { graphql } from '../../../app/graphql.ts';
import type { ScriptProfilePreviewInput } from '../../../generated/graphql.ts';

const PREVIEW = graphql(`
  query ProfilePreview($input: ScriptProfilePreviewInput!) {
    scriptProfilePreview(input: $input) { problems { code field message } ...ProfilePreview }
  }
`);

const PAUSE_MS = 300;

/**
 * The consequences of what the form holds. They follow a moment after the last key, and those before stay visible until
 * then. @param input undefined while the form has values that a request cannot carry
 */
export function usePreview(input: ScriptProfilePreviewInput | undefined) {
  const wanted = JSON.stringify(input ?? null);
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const variables = { input: JSON.parse(asked) as ScriptProfilePreviewInput };
  const { data, previousData, error, loading } = useQuery(PREVIEW, {
    variables,
    skip: asked === 'null',
    fetchPolicy: 'no-cache',
  });
  const preview = asked === 'null' ? undefined : (data ?? previousData)?.scriptProfilePreview;
  return { preview, error, isCurrent: wanted === asked && !loading };
}
