import type { Caller } from '../domain/access.ts';
import { LARGEST_PAGE_SIZE } from '../domain/page.ts';
import type { Services } from '../services/index.ts';
import { Siblings } from './siblings.ts';

/** What a resolver knows of its request. */
export interface GraphContext {
  readonly caller: Caller;
  readonly services: Services;
  readonly siblings: Siblings;
  /** The ceiling of `first` and `last`. */
  readonly largestPage: number;
  readonly requestId: string;
}

export const createContext = (request: {
  caller: Caller;
  services: Services;
  requestId: string;
  largestPage?: number;
}): GraphContext => ({ largestPage: LARGEST_PAGE_SIZE, ...request, siblings: new Siblings() });
