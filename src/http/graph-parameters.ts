import { cut, Refusal } from '../domain/errors.ts';

/** Parameters of a GET request that describe its operation. */
const PARAMETER_NAMES = ['query', 'operationName', 'variables', 'extensions'];

/**
 * Reads the parameters of a GET request to the GraphQL API. All later code gets them from here, because no two parsers
 * decode a URL alike.
 * @throws Refusal INVALID_INPUT if they do not decode, or if one of them occurs twice
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
