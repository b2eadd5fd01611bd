import type { CSSProperties } from 'react';

/** The share of the colour in a cell, which `heat-cell` mixes with the background. */
export const heat = (percent: number): CSSProperties => ({ '--heat': `${percent}%` }) as CSSProperties;
