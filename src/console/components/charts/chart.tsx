import { useParentSize } from '@visx/responsive';
import type { ReactNode } from 'react';

interface Props {
  /** Says what the chart shows, with its main figure: `Runs by day: 120 succeeded, 3 failed`. */
  readonly label: string;
  readonly height: number;
  /** The same figures as rows, for those who cannot see the chart. */
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Whether parts of the plot are links, so that it is more than a picture. */
  readonly hasLinks?: boolean;
  readonly children: (width: number) => ReactNode;
}

/** A plot that fills the width of its place, with its figures as a table for screen readers. */
export function Chart({ label, height, headings, rows, hasLinks = false, children }: Props) {
  const { parentRef, width } = useParentSize({ debounceTime: 50 });
  return (
    <figure className="chart">
      <div ref={parentRef} style={{ height }}>
        <svg width={width} height={height} role={hasLinks ? 'group' : 'img'} aria-label={label}>
          {width > 0 && children(width)}
        </svg>
      </div>
      <table className="u-off-screen">
        <caption>{label}</caption>
        <thead>
          <tr>
            {headings.map((heading) => (
              <th key={heading}>{heading}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]}>
              {row.map((cell, index) => (
                <td key={headings[index]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
