import { scaleBand, scaleLinear } from '@visx/scale';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { wholeNumber } from '../../format/count.ts';
import { AmountAxis, TimeAxis } from './axes.tsx';
import { Chart } from './chart.tsx';

export interface BarPart {
  /** Word for the part, which is the same in each bar: `failed`. */
  readonly name: string;
  readonly tone: 'good' | 'bad' | 'busy' | 'waiting' | 'off';
}

export interface Bar {
  readonly label: string;
  /** One amount for each part. */
  readonly amounts: readonly number[];
}

interface Props {
  readonly label: string;
  readonly parts: readonly BarPart[];
  readonly bars: readonly Bar[];
  readonly height?: number;
  /** Where the bar with an index leads, such as the runs of its day. */
  readonly to?: (index: number) => string;
}

const MARGIN = { top: 8, right: 4, bottom: 22, left: 36 };
const LABEL_WIDTH = 76;

/** Bars whose parts lie on one another, such as the runs of each day by their outcome. */
export function BarChart({ label, parts, bars, height = 180, to }: Props) {
  const totals = bars.map(({ amounts }) => amounts.reduce((sum, amount) => sum + amount, 0));
  const rows = bars.map((bar) => [bar.label, ...bar.amounts.map(wholeNumber)]);
  return (
    <Chart
      label={label}
      height={height}
      hasLinks={to !== undefined}
      headings={['Time', ...parts.map(({ name }) => name)]}
      rows={rows}
    >
      {(width) => {
        const inner = {
          width: width - MARGIN.left - MARGIN.right,
          height: height - MARGIN.top - MARGIN.bottom,
        };
        const x = scaleBand({ domain: bars.map((bar) => bar.label), range: [0, inner.width], padding: 0.25 });
        const y = scaleLinear({ domain: [0, Math.max(1, ...totals)], range: [inner.height, 0], nice: true });
        const every = Math.max(1, Math.ceil((bars.length * LABEL_WIDTH) / inner.width));
        return (
          <g transform={`translate(${MARGIN.left}, ${MARGIN.top})`}>
            <AmountAxis scale={y} width={inner.width} tickFormat={wholeTick} />
            {bars.map((bar, index) => (
              <BarLink key={bar.label} to={to?.(index)} label={tooltip(bar, parts)}>
                <rect className="chart__hit" x={x(bar.label)} width={x.bandwidth()} height={inner.height} />
                {stack(bar.amounts).map(([from, until], part) => (
                  <rect
                    key={parts[part]!.name}
                    className={`chart__fill is-${parts[part]!.tone}`}
                    x={x(bar.label)}
                    width={x.bandwidth()}
                    y={y(until)}
                    height={Math.max(y(from) - y(until), 0)}
                  />
                ))}
              </BarLink>
            ))}
            <TimeAxis
              scale={x}
              top={inner.height}
              tickValues={bars.map((bar) => bar.label).filter((_, index) => index % every === 0)}
            />
          </g>
        );
      }}
    </Chart>
  );
}

/** Runs are not counted in halves. */
const wholeTick = (amount: unknown): string =>
  Number.isInteger(Number(amount)) ? wholeNumber(Number(amount)) : '';

/** A bar, which may lead somewhere. */
function BarLink({ to, label, children }: { to: string | undefined; label: string; children: ReactNode }) {
  const bar = (
    <g className="chart__bar">
      <title>{label}</title>
      {children}
    </g>
  );
  if (to === undefined) return bar;
  return (
    <Link to={to} aria-label={label}>
      {bar}
    </Link>
  );
}

/** Where each part begins and ends. */
function stack(amounts: readonly number[]): (readonly [from: number, to: number])[] {
  let from = 0;
  return amounts.map((amount) => {
    const part = [from, from + amount] as const;
    from += amount;
    return part;
  });
}

const tooltip = ({ label, amounts }: Bar, parts: readonly BarPart[]) =>
  [label, ...parts.map(({ name }, index) => `${wholeNumber(amounts[index]!)} ${name}`)].join('\n');
