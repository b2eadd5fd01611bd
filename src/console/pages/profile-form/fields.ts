import type { Problem } from '../../components/form/use-change.ts';
import type { Values } from './values.ts';

/** What each group of fields of the form gets. */
export interface FieldsProps {
  readonly values: Values;
  readonly set: (changes: Partial<Values>) => void;
  readonly problems: readonly Problem[];
  /** Notes that the viewer has left a field, from when on its problem is shown. */
  readonly touch: (field: string) => void;
  readonly isNew: boolean;
}

/** Fields that show their own problem. */
export const fieldNames = [
  ...['title', 'scriptId', 'username', 'timeLimit', 'deliverWithin', 'overlap', 'tags'],
  ...['trigger.recurring.interval', 'trigger.recurring.startAfter', 'trigger.oneTime.timestamp'],
];
