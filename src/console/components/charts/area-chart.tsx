import { scaleLinear, scaleUtc } from '@visx/scale';
import { AreaClosed, LinePath } from '@visx/shape';
import { dayName, shortTime } from '../../format/time.ts';
import { AmountAxis, TimeAxis } from './axes.tsx';
import { Chart } from './chart.tsx';

export interface Point {
  readonly at: string;
  readonly amount: number;
}

interface Props {
  readonly label: string;
  /** Word for the amount: `Computers`. */
  readonly unit: string;
  readonly points: readonly Point[];
  readonly format?: (amount: number) => string;
  readonly height?: number;
}

const MARGIN = { top: 8, right: 8, bottom: 22, left: 44 };
const DAY_MS = 86_400_000;

/** An amount over time, such as the duration of runs. */
export function AreaChart({ label, unit, points, format = String, height = 180 }: Props) {
  const times = points.map(({ at }) => Date.parse(at));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const rows = points.map(({ at, amount }) => [at, format(amount)]);
  const name = (at: Date) =>
    to - from > 2 * DAY_MS ? dayName(at.toISOString()) : shortTime(at.toISOString(), to);
  return (
    <Chart label={label} height={height} headings={['Time', unit]} rows={rows}>
      {(width) => {
        const inner = {
          width: width - MARGIN.left - MARGIN.right,
          height: height - MARGIN.top - MARGIN.bottom,
        };
        const most = Math.max(...points.map(({ amount }) => amount), 1);
        const x = scaleUtc({ domain: [from, to], range: [0, inner.width] });
        const y = scaleLinear({ domain: [0, most], range: [inner.height, 0], nice: true });
        const place = { x: ({ at }: Point) => x(Date.parse(at)), y: ({ amount }: Point) => y(amount) };
        return (
          <g transform={`translate(${MARGIN.left}, ${MARGIN.top})`}>
            <AmountAxis scale={y} width={inner.width} tickFormat={(amount) => format(Number(amount))} />
            <AreaClosed data={[...points]} {...place} yScale={y} className="chart__area" />
            <LinePath data={[...points]} {...place} className="chart__curve" />
            <TimeAxis
              scale={x}
              top={inner.height}
              numTicks={Math.max(2, Math.floor(inner.width / 110))}
              tickFormat={(at) => name(new Date(Number(at)))}
            />
          </g>
        );
      }}
    </Chart>
  );
}
