import type { ReactNode } from 'react';
import { ErrorMessage } from './error-message.tsx';
import { Loading } from './loading.tsx';

interface Result<Data> {
  readonly data?: Data | undefined;
  readonly error?: Error | undefined;
  readonly loading: boolean;
  refetch(): unknown;
}

interface Props<Data, Part> {
  /** What `useQuery` returns. */
  readonly of: Result<Data>;
  /** The part of the answer that the children need. Null if there is none, for example because it may not be viewed. */
  readonly part: (data: Data) => Part | null | undefined;
  /** Shown where the answer has no such part, and no error says why. */
  readonly missing?: ReactNode;
  readonly children: (part: Part) => ReactNode;
}

/**
 * Shows the part of an answer: lines while it is loaded, the reason if it could not be loaded. Data that was there
 * before stays visible while it is loaded again.
 */
export function Loaded<Data, Part>({ of, part, missing = null, children }: Props<Data, Part>) {
  const { data, error, loading, refetch } = of;
  const found = data === undefined ? undefined : part(data);
  if (found !== undefined && found !== null) return <>{children(found)}</>;
  if (loading) return <Loading />;
  if (error && !isMissing(error)) return <ErrorMessage error={error} retry={() => void refetch()} />;
  return <>{missing}</>;
}

/** Whether the gateway says that the object does not exist, which `missing` says better. */
const isMissing = (error: Error) =>
  'errors' in error &&
  Array.isArray(error.errors) &&
  error.errors.every((one: { extensions?: { code?: unknown } }) => one.extensions?.code === 'NOT_FOUND');
