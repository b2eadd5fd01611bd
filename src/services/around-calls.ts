/** One call of a use case. */
export interface Call {
  readonly method: string;
  /** The first is the caller, if the use case has one. */
  readonly args: readonly unknown[];
  proceed(): unknown;
}

/** The same service, with `around` in the place of each call. It decides when the call proceeds, if at all. */
export function aroundCalls<Service extends object>(
  service: Service,
  around: (call: Call) => unknown,
): Service {
  const methods = Object.entries(service).map(([method, use]) => [
    method,
    (...args: readonly unknown[]) => around({ method, args, proceed: () => use(...args) }),
  ]);
  return Object.fromEntries(methods);
}
