import { duration } from './duration.ts';
import { localTime } from './time.ts';

const labels: Readonly<Record<string, string>> = {
  title: 'Title',
  scriptId: 'Script',
  username: 'User',
  timeLimit: 'Time limit',
  tags: 'Tags',
  allComputers: 'All computers',
  overlap: 'If the previous run is in progress',
  deliverWithin: 'Delivery limit',
  trigger: 'Trigger',
  'trigger.recurring.interval': 'Schedule',
  'trigger.recurring.startAfter': 'Not before',
  'trigger.oneTime.timestamp': 'Time',
  archived: 'Archived',
  paused: 'Paused',
  pauseNote: 'Pause note',
};

/** The name of a profile's field, for the event log and for two versions side by side. */
export const profileFieldLabel = (field: string): string => labels[field] ?? field;

/** The value of a profile's field, which the graph has as JSON, in words. */
export function profileFieldWords(field: string, json: string): string {
  const value: unknown = JSON.parse(json);
  if (field === 'deliverWithin') return value ? duration(Number(value)) : 'No limit';
  if (value === null || value === '') return 'None';
  switch (field) {
    case 'timeLimit':
      return duration(Number(value));
    case 'overlap':
      return String(value).toUpperCase() === 'SKIP' ? 'Skip the run' : 'Start anyway';
    case 'scriptId':
      return `Script ${value}`;
    case 'trigger':
      return triggerValue(value as DomainTrigger);
    case 'trigger.recurring.startAfter':
    case 'trigger.oneTime.timestamp':
      return localTime(String(value));
  }
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value)) return value.length > 0 ? value.join(', ') : 'None';
  return typeof value === 'object' ? json : String(value);
}

/** A trigger as the event log has it. */
interface DomainTrigger {
  readonly kind?: string;
  readonly interval?: string;
  readonly startAfter?: string;
  readonly timestamp?: string;
}

function triggerValue({ kind, interval, startAfter, timestamp }: DomainTrigger): string {
  if (interval) return startAfter ? `${interval}, not before ${localTime(startAfter)}` : interval;
  if (timestamp) return `Once, ${localTime(timestamp)}`;
  return kind === 'event' ? 'When a computer enrols' : (kind ?? 'Unknown');
}
