export const EXPECTED_VERSION =
  'The `version` that the caller read. Refused with VERSION_CLASH if the stored one differs. Defaults to any version.';
