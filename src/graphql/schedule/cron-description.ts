import cronstrue from 'cronstrue';

/**
 * Describes a cron expression in English. If day of month and day of week are both restricted, a match of either is
 * enough. The library joins them with "and", which could be read as both.
 */
export const describeCron = (expression: string): string =>
  `${cronstrue.toString(expression, { use24HourTimeFormat: true }).replace(', and on ', ', or on ')} (UTC)`;
