/** A call of a use case. */
export interface Call {
  readonly method: string;
  /** The first argument is the caller, if the use case has one. */
  readonly args: readonly unknown[];
  proceed(): unknown;
}

/** Wraps every method of a service in `around`, which decides when or whether the call proceeds. */
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
