const number = new Intl.NumberFormat('en-GB');

/** `1 computer`, `2,500 computers`. */
export const count = (amount: number, noun: string, plural = `${noun}s`): string =>
  `${number.format(amount)} ${amount === 1 ? noun : plural}`;

export const wholeNumber = (amount: number): string => number.format(amount);

/** `98.5%`. Never rounds up to 100%, because one failure must be visible. */
export const percent = (part: number): string =>
  `${(part === 1 ? 100 : Math.floor(part * 1000) / 10).toString()}%`;

/** `1.2 KiB`, for files and outputs. */
export function bytes(amount: number): string {
  if (amount < 1024) return count(amount, 'byte');
  const [size, unit] = amount < 1024 ** 2 ? [amount / 1024, 'KiB'] : [amount / 1024 ** 2, 'MiB'];
  return `${Number(size.toFixed(1))} ${unit}`;
}
