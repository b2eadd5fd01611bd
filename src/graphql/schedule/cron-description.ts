import cronstrue from 'cronstrue';

/**
 * A cron expression in English. Where both day of month and day of week are restricted, either is enough; the library's
 * "and" could be read as both.
 */
export const describeCron = (expression: string): string =>
  `${cronstrue.toString(expression, { use24HourTimeFormat: true }).replace(', and on ', ', or on ')} (UTC)`;
