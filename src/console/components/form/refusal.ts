import { reasonsOf } from '../page/error-message.tsx';
import type { Problem } from './use-change.ts';

interface Answer<Data> {
  readonly data?: Data | null | undefined;
  readonly error?: Error | undefined;
}

/** Why a mutation changed nothing, as `ConfirmDialog` shows it. Undefined if it was carried out. */
export function refusalOf<Data>({ data, error }: Answer<Data>): string | undefined {
  if (error) return reasonsOf(error).join(' ');
  const payloads = Object.values(data ?? {}) as ({ readonly userErrors?: readonly Problem[] } | null)[];
  const problems = payloads.flatMap((payload) => payload?.userErrors ?? []);
  return problems.length > 0 ? problems.map(({ message }) => message).join(' ') : undefined;
}
