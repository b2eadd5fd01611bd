/** Formats a time of creation or edit: without a time zone, with six decimals, such as `2025-04-10T23:36:21.411941`. */
export const microseconds = (time: string): string => {
  const [whole, decimals = ''] = time.slice(0, -1).split('.');
  return `${whole}.${decimals.padEnd(6, '0')}`;
};

/** Formats a time of a trigger or activity: UTC, truncated to whole seconds, such as `2025-04-23T02:10:41Z`. */
export function seconds(time: string): string;
export function seconds(time: string | null): string | null;
export function seconds(time: string | null): string | null {
  return time && `${time.slice(0, 19)}Z`;
}
