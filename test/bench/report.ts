import { cpus, totalmem } from 'node:os';

export interface Figure {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface Goal {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One figure. If it is compared with another, also their ratio and its goal. */
export interface Row {
  readonly what: string;
  readonly figure?: Figure;
  readonly unit?: string;
  readonly ratio?: number;
  readonly goal?: Goal;
}

/** The ratio of two medians of the same run. Only ratios are meaningful on a machine whose speed changes. */
export const against = (what: string, ours: Figure, theirs: Figure, goal?: Goal): Row => ({
  what,
  ratio: ours.median / theirs.median,
  goal,
});

export const machine = () =>
  `${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`;

export function print(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  for (const { what, figure, unit = '/s', ratio, goal } of rows) {
    const value = figure ? `${number(figure.median)} ${unit}` : ratio!.toFixed(2);
    const noise =
      figure && figure.high > figure.low ? `(quarters ${number(figure.low)}, ${number(figure.high)})` : '';
    console.log(`  ${what.padEnd(62)} ${value.padStart(14)}  ${goal ? verdict(ratio!, goal) : noise}`);
  }
}

function verdict(
  ratio: number,
  { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }: Goal,
) {
  const goal = Number.isFinite(atLeast) ? `at least ${atLeast}` : `at most ${atMost}`;
  return `(goal: ${goal}${ratio >= atLeast && ratio <= atMost ? '' : ', NOT REACHED'})`;
}

const number = (value: number) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
