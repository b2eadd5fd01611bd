import { invalid, notFound } from '../../domain/errors.ts';
import { type Answer, contentCoded, errorAnswer } from '../errors.ts';
import { decodeQuery, type Query, type RestRequest } from '../request.ts';
import type { LegacyAction } from './action.ts';
import { LegacyParameters } from './action-parameters.ts';

const VERSION = '2011-08-01';
const FORM = 'application/x-www-form-urlencoded';

/** Path of the legacy actions. They do not exist below `/api/v2`. */
export const LEGACY_PATH = '/api';
export const LEGACY_METHODS = ['GET', 'POST'] as const;

/** Whether a request may be for a legacy action: it names an action in its query, or sends a form that may name one. */
export const mayBeLegacy = (request: RestRequest, query: Query): boolean =>
  query.path === LEGACY_PATH &&
  (query.get('action') !== undefined || (request.method === 'POST' && typeOf(request) === FORM));

/** @throws Refusal NOT_FOUND */
export function actionNamed<Action extends LegacyAction>(
  actions: readonly Action[],
  name: string | undefined,
): Action {
  const action = actions.find((one) => one.name === name);
  if (!action) throw notFound('action', name, 'action');
  return action;
}

/**
 * Reads the action, which the query or the form names, and its parameters.
 * @throws Refusal NOT_FOUND, INVALID_INPUT
 */
export async function readLegacyRequest<Action extends LegacyAction>(
  request: RestRequest,
  query: Query,
  actions: readonly Action[],
  largest: number,
): Promise<{ action: Action; parameters: LegacyParameters } | Answer> {
  const coded = request.method === 'POST' ? contentCoded(request) : undefined;
  if (coded) return coded;
  const bytes = request.method === 'POST' ? await request.body(largest) : new Uint8Array();
  if (!bytes) return errorAnswer(413, 'PayloadTooLarge', `The body must be at most ${largest} bytes.`);
  const declared = typeOf(request);
  if (bytes.length > 0 && declared !== FORM && declared !== undefined) {
    return errorAnswer(415, 'UnsupportedMediaType', `The body must be a form, declared as ${FORM}.`, {
      detail: { field: 'Content-Type', found: declared, allowed: FORM },
    });
  }
  const parameters = new LegacyParameters(query.text, decodeQuery(Buffer.from(bytes).toString('latin1')));
  const action = actionNamed(actions, parameters.get('action'));
  const version = parameters.get('version');
  if (version !== undefined && version !== VERSION) throw invalid('version', version, VERSION);
  return { action, parameters };
}

const typeOf = (request: RestRequest) =>
  request.header('content-type')?.split(';')[0]?.trim().toLowerCase() || undefined;
