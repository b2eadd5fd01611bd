export const IDEMPOTENCY_KEY =
  'The caller’s own name for this act, 1 to 255 printable ASCII characters: for 24 hours a retry with the same key and the same input answers with what the first made, as it is by then, and makes no other. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Each person’s keys are their own, for each mutation.';
