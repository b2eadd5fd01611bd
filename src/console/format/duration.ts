/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`: the two largest units. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const units: readonly (readonly [name: string, size: number])[] = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ];
  const first = units.findIndex(([, size]) => whole >= size);
  const [name, size] = units[first]!;
  const parts = [`${Math.floor(whole / size)} ${name}`];
  const next = units[first + 1];
  const rest = next && Math.floor((whole % size) / next[1]);
  if (next && rest) parts.push(`${rest} ${next[0]}`);
  return parts.join(' ');
}
