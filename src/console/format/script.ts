import type { ScriptStatus } from '../generated/graphql.ts';
import type { Look } from './status.ts';

export const scriptLooks: Readonly<Record<ScriptStatus, Look>> = {
  ACTIVE: { label: 'Active', tone: 'good' },
  ARCHIVED: { label: 'Archived', tone: 'off' },
  REDACTED: { label: 'Redacted', tone: 'off' },
};
