import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { reasonsOf } from '../page/error-message.tsx';

/** Why the gateway refused a change. `field` is a path in the input, such as `trigger.recurring.interval`. */
export interface Problem {
  readonly field: string | null;
  readonly message: string;
  readonly code?: string;
}

/** The payload of a document's mutation. It must select `userErrors { code field message }`. */
type PayloadOf<Data> = Extract<NonNullable<Data[keyof Data]>, { userErrors: readonly unknown[] }>;

/**
 * A mutation with the reasons of its last refusal, and the payload that came with them, such as a clash. The change resolves to the payload if the gateway carried it out,
 * and to undefined if it refused. Nothing is thrown.
 */
export function useChange<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  options: { readonly refetchQueries?: string[] } = {},
) {
  const [mutate, { loading: busy }] = useMutation(document, options);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [refused, setRefused] = useState<PayloadOf<Data>>();
  const change = async (variables: Variables): Promise<PayloadOf<Data> | undefined> => {
    const { data, error } = await mutate({ variables } as never).catch((failure: Error) => ({
      data: undefined,
      error: failure,
    }));
    const payload = Object.values(data ?? {}).find(isPayload);
    const found: readonly Problem[] = error
      ? reasonsOf(error).map((message) => ({ field: null, message }))
      : (payload?.userErrors ?? []);
    setProblems(found);
    setRefused(found.length > 0 ? (payload as PayloadOf<Data> | undefined) : undefined);
    return found.length === 0 ? (payload as PayloadOf<Data> | undefined) : undefined;
  };
  const clear = () => {
    setProblems([]);
    setRefused(undefined);
  };
  return [change, { busy, problems, refused, clear }] as const;
}

const isPayload = (value: unknown): value is { userErrors: readonly Problem[] } =>
  typeof value === 'object' && value !== null && 'userErrors' in value;

/**
 * The problem of a field or of a part of it: `tags` has that of `tags[0]`. The gateway begins with the path of the field,
 * which the label replaces.
 */
export function problemAt(problems: readonly Problem[], name: string, label = name): string | undefined {
  const found = problems.find(({ field }) => field !== null && belongsTo(field, name));
  return found?.message.startsWith(`${name} `) ? label + found.message.slice(name.length) : found?.message;
}

export const belongsTo = (field: string, name: string): boolean =>
  field === name || field.startsWith(`${name}.`) || field.startsWith(`${name}[`);

/** A key with which the gateway recognises a change that is sent twice. Works without HTTPS, unlike `randomUUID`. */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
