import type { Problem } from '../../components/form/use-change.ts';
import { secondsOf } from './amount.ts';
import type { Values } from './values.ts';

/** What the form knows without the gateway: values that a request cannot carry. */
export function ownProblems(values: Values): Problem[] {
  const { title, scriptId, timeLimit, deliverWithin, kind, startAfter, timestamp } = values;
  const problems: (Problem | false)[] = [
    title.trim() === '' && { field: 'title', message: 'Enter a title.' },
    scriptId === '' && { field: 'scriptId', message: 'Choose the script to run.' },
    secondsOf(timeLimit) === undefined && {
      field: 'timeLimit',
      message: 'Enter a number, at most 2,147,483,647 seconds.',
    },
    deliverWithin.amount.trim() !== '' &&
      secondsOf(deliverWithin) === undefined && {
        field: 'deliverWithin',
        message: 'Enter a number, or nothing.',
      },
    kind === 'recurring' &&
      startAfter === '' && { field: 'trigger.recurring.startAfter', message: 'Choose a date and a time.' },
    kind === 'oneTime' &&
      timestamp === '' && { field: 'trigger.oneTime.timestamp', message: 'Choose a date and a time.' },
  ];
  return problems.filter((problem) => problem !== false);
}
