import { invalid } from '../domain/errors.ts';

/** Bounds a list argument. @throws Refusal INVALID_INPUT */
export function atMost(field: string, list: readonly unknown[], most: number): void {
  if (list.length > most) throw invalid(field, `${list.length} items`, `a list of at most ${most} items`);
}
