export const IDEMPOTENCY_KEY =
  'Key chosen by the caller that makes a retry safe: 1 to 255 printable ASCII characters. For 24 hours, a retry with the same key and input creates nothing new. It returns the object that the first request created, in its current state. The same key with another input is refused with IDEMPOTENCY_KEY_REUSED. Keys are separate for each person and each mutation.';
