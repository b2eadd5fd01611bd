import { makeVar } from '@apollo/client';

/** Whether all times are in UTC, instead of the viewer's zone. */
export const showsUtc = makeVar(false);
