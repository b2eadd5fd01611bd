import { AxisBottom, AxisLeft } from '@visx/axis';
import type { ComponentProps } from 'react';

const LABEL = { className: 'chart__label' } as const;

/** The axis with the amounts, with light lines across the plot. */
export const AmountAxis = ({
  width,
  ...props
}: ComponentProps<typeof AxisLeft> & { readonly width: number }) => (
  <AxisLeft
    {...props}
    numTicks={4}
    hideAxisLine
    left={width}
    tickLength={width}
    tickLineProps={{ className: 'chart__line' }}
    tickLabelProps={{ ...LABEL, textAnchor: 'end', dx: -6, dy: '0.32em' }}
  />
);

/** The axis with the days or the hours. */
export const TimeAxis = (props: ComponentProps<typeof AxisBottom>) => (
  <AxisBottom
    {...props}
    hideTicks
    axisLineClassName="chart__base"
    tickLabelProps={{ ...LABEL, textAnchor: 'middle', dy: '0.2em' }}
  />
);
