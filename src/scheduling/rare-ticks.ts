import type { Services } from '../services/index.ts';
import { overdueExecutions, scheduledRuns } from './due-work.ts';
import { createTick, type Tick } from './tick.ts';

interface Hears {
  observe(kind: string, fire: () => Promise<boolean>): Promise<boolean>;
  complain(fault: unknown, about: object, message: string): void;
}

/** Of what is rare, beside profiles: one after the other. */
export const rareTicks = (
  { executions, scriptRuns }: Pick<Services, 'executions' | 'scriptRuns'>,
  { observe, complain }: Hears,
): Tick[] => [
  createTick({
    work: overdueExecutions(executions),
    observe: (fire) => observe('overdue execution', fire),
    concurrency: 1,
    report: (fault, execution) => complain(fault, { execution }, 'An overdue execution could not be failed.'),
  }),
  createTick({
    work: scheduledRuns(scriptRuns),
    observe: (fire) => observe('scheduled run', fire),
    concurrency: 1,
    report: (fault, run) => complain(fault, { run }, 'A scheduled run could not be released.'),
  }),
];
