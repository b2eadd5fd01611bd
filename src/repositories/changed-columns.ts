import { isDeepStrictEqual } from 'node:util';

/**
 * Returns the columns whose values differ. Only these are written, because Prisma cuts times to milliseconds. So an
 * unchanged time keeps its microseconds.
 */
export const changedColumns = <Columns extends object>(before: Columns, after: Columns): Partial<Columns> =>
  Object.fromEntries(
    Object.entries(after).filter(([name, value]) => !isDeepStrictEqual(value, before[name as keyof Columns])),
  ) as Partial<Columns>;
