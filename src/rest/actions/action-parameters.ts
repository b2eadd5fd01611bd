import { invalid } from '../../domain/errors.ts';
import { fromBase64 } from '../../domain/scripts/script-attachment.ts';

/**
 * The parameters of a legacy action, from its query and its form. An empty parameter counts as absent. The last of
 * several values counts. A list has the form `names.1=a&names.2=b`.
 */
export class LegacyParameters {
  private readonly parameters: URLSearchParams;

  constructor(query: string, form = '') {
    this.parameters = new URLSearchParams(`${query}&${form}`);
  }

  get(name: string): string | undefined {
    return this.parameters.getAll(name).at(-1) || undefined;
  }

  /** @throws Refusal INVALID_INPUT */
  required(name: string): string {
    const text = this.get(name);
    if (text === undefined) throw invalid(name, undefined, 'given');
    return text;
  }

  /** Returns the items of a list, sorted by their numbers. */
  list(name: string): string[] {
    const numbered = [...this.parameters].flatMap(([key, value]) => {
      const number = key.startsWith(`${name}.`) ? key.slice(name.length + 1) : '';
      return /^\d{1,9}$/.test(number) && value ? [{ number: Number(number), value }] : [];
    });
    return numbered.sort((one, other) => one.number - other.number).map(({ value }) => value);
  }

  /** Returns a number. Returns other text unchanged, so that the graph rejects it. */
  number(name: string): number | string | undefined {
    const text = this.get(name);
    return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : text;
  }

  /**
   * Decodes UTF-8 from base64.
   * @throws Refusal INVALID_INPUT
   */
  text(name: string): string | undefined {
    const encoded = this.get(name);
    if (encoded === undefined) return undefined;
    const bytes = fromBase64(encoded, name);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw invalid(name, encoded, 'UTF-8 in base64');
    }
  }
}

/** @throws Refusal INVALID_INPUT */
export function requiredList(parameters: LegacyParameters, name: string): string[] {
  const items = parameters.list(name);
  if (items.length === 0) throw invalid(name, undefined, `given, as ${name}.1, ${name}.2 …`);
  return items;
}
