import { expect } from '@jest/globals';
import type { TestApp } from '../support/app.ts';
import { type RawAnswer, send } from './raw.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

/**
 * Sends requests as clients of the real system do: with this prefix, these types and numbered arrays. Checks each
 * answer.
 */
export const clientOf = (app: () => TestApp, prefix = '/api/v2') => ({
  get: (path: string) => send(app(), 'GET', prefix + path),
  write: (method: string, path: string, body: unknown = {}) =>
    send(app(), method, prefix + path, { body: JSON.stringify(body), headers: JSON_TYPE }),
  legacy: (action: string, parameters = '') =>
    send(app(), 'GET', `/api/?action=${action}&version=2011-08-01&${parameters}`),
  form: (action: string, fields: Record<string, string>) =>
    send(app(), 'POST', `/api/?action=${action}&version=2011-08-01`, {
      body: new URLSearchParams(fields).toString(),
      headers: FORM_TYPE,
    }),
});

export const ok = ({ status, body }: RawAnswer) => {
  expect([status, body]).toEqual([200, body]);
  return body;
};

export const base64 = (text: string) => Buffer.from(text).toString('base64');
