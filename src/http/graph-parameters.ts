import { cut, Refusal } from '../domain/errors.ts';

/** What a GET request may say of its operation. */
const PARAMETER_NAMES = ['query', 'operationName', 'variables', 'extensions'];

/**
 * Reads the parameters of a GET request to the graph, once: what reads them later gets them from here, and not from
 * the address, which no two readers decode alike.
 * @throws Refusal INVALID_INPUT where they do not decode, or one of them is given twice
 */
export function graphParameters(url: string): URLSearchParams {
  const mark = url.indexOf('?');
  const pieces = mark < 0 ? [] : url.slice(mark + 1).split('&');
  for (const piece of pieces) if (!decodes(piece)) throw refused(nameOf(piece), cut(piece), DECODABLE);
  const sent = new URLSearchParams(pieces.join('&'));
  const twice = PARAMETER_NAMES.find((name) => sent.getAll(name).length > 1);
  if (twice !== undefined) throw refused(twice, `${sent.getAll(twice).length} of them`, 'given only once');
  return new URLSearchParams([...sent].filter(([name]) => PARAMETER_NAMES.includes(name)));
}

const DECODABLE = 'percent-encoded UTF-8';

function decodes(piece: string): boolean {
  try {
    decodeURIComponent(piece);
    return true;
  } catch {
    return false;
  }
}

const nameOf = (piece: string) =>
  PARAMETER_NAMES.find((name) => piece.startsWith(`${name}=`)) ?? 'parameters';

const refused = (field: string, found: string, allowed: string) =>
  new Refusal('INVALID_INPUT', `The parameter ${field} must be ${allowed}; found ${found}.`, {
    field,
    found,
    allowed,
  });
