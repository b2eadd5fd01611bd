import { count } from '../../format/count.ts';
import type { Load } from './load.ts';

/** `3 runs on 60 computers, may overlap`. */
export const loadWords = ({ runs, executions, isConflicting }: Load): string =>
  `${count(runs.length, 'run')}, ${count(executions, 'execution')}${isConflicting ? ', may overlap' : ''}`;
