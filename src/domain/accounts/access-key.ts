import type { Instant } from '../time.ts';
import { given } from './log-in.ts';

/** A pair of key and secret that lets a program log in as its owner. */
export interface AccessKey {
  /** Public name of the key. */
  readonly key: string;
  readonly title: string;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant | null;
}

export const MAX_ACCESS_KEYS = 20;

/** @throws Refusal INVALID_INPUT */
export const checkKeyTitle = (title: string): string => given('title', title.trim(), 255);
