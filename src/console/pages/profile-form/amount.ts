/** A duration as a person writes it. Without an amount it is no duration. */
export interface Amount {
  readonly amount: string;
  readonly unit: Unit;
}

const seconds = { s: 1, min: 60, h: 3600, d: 86_400 } as const;
export type Unit = keyof typeof seconds;

export const units: readonly { readonly value: Unit; readonly label: string }[] = [
  { value: 's', label: 'seconds' },
  { value: 'min', label: 'minutes' },
  { value: 'h', label: 'hours' },
  { value: 'd', label: 'days' },
];

/** In the largest unit that makes a whole number. */
export function amountOf(total: number): Amount {
  const unit = (['d', 'h', 'min'] as const).find((one) => total > 0 && total % seconds[one] === 0) ?? 's';
  return { amount: String(total / seconds[unit]), unit };
}

/** Undefined unless the amount is a whole number of seconds that the graph can carry. */
export function secondsOf({ amount, unit }: Amount): number | undefined {
  const total = Math.round(Number(amount) * seconds[unit]);
  return amount.trim() !== '' && Number.isInteger(total) && Math.abs(total) < 2 ** 31 ? total : undefined;
}
