import type { Identity } from '../../domain/accounts/access.ts';
import type { AccessKey } from '../../domain/accounts/access-key.ts';
import type { Attempts } from '../../domain/accounts/log-in.ts';
import type { Instant } from '../../domain/time.ts';

/** A person in one account, with the fields that a log-in requires. */
export interface LogInPerson {
  readonly identity: Identity;
  readonly accountTitle: string;
  /** Null if the person has no password. */
  readonly passwordHash: string | null;
  /** Tokens issued before this time are rejected. Null if no tokens were revoked. */
  readonly tokensValidFrom: Instant | null;
  /**
   * Whether an administrator of the account set up the person's log-in. Such a person cannot switch to other
   * accounts.
   */
  readonly isAccountManaged: boolean;
}

/**
 * Reads for log-ins. They are the only reads across accounts, because the account is not known before the
 * log-in.
 */
export interface LogInRepository {
  /**
   * The persons with this e-mail address, at most one for each account. Persons who are not managed by an
   * account come first. After that, persons with a password come first, then those of older accounts.
   */
  peopleWith(email: string): Promise<LogInPerson[]>;
  /** The owner of an access key, and the hash of its secret. */
  ownerOf(key: string): Promise<{ readonly person: LogInPerson; readonly secretHash: string } | undefined>;
  /** Locks the attempts of these subjects until the transaction ends. The lock order is always the same. */
  lockAttempts(subjects: readonly string[], now: Instant): Promise<Map<string, Attempts>>;
  /** Like `lockAttempts`, but without locks. */
  attempts(subjects: readonly string[]): Promise<Map<string, Attempts>>;
  saveAttempts(subject: string, attempts: Attempts): Promise<void>;
  /**
   * Removes a counted attempt that succeeded. Restores the time of the last failure, unless other attempts
   * followed.
   */
  undoAttempt(subject: string, attempt: Instant, before: Instant): Promise<void>;
  /** Deletes all failures of a subject. */
  clearFailures(subject: string): Promise<void>;
  forgetAttempts(before: Instant): Promise<void>;
  /** Whether a log-in with this e-mail address has succeeded from this network. */
  isKnownNetwork(subject: string): Promise<boolean>;
  rememberNetwork(subject: string, now: Instant): Promise<void>;
  forgetNetworks(before: Instant): Promise<void>;
}

export interface AccessKeyRepository {
  /** Locks the owner until the transaction ends. The maximum number of keys is checked under this lock. */
  lockOwner(accountId: number, personId: number): Promise<void>;
  /** Oldest first. */
  ofPerson(accountId: number, personId: number): Promise<AccessKey[]>;
  insert(
    accountId: number,
    personId: number,
    key: AccessKey & { readonly secretHash: string },
  ): Promise<void>;
  /** Returns the title of the removed key. Undefined if the person has no such key. */
  remove(accountId: number, personId: number, key: string): Promise<string | undefined>;
  markUsed(accountId: number, key: string, now: Instant): Promise<void>;
}

/** A new password. Storing it revokes earlier tokens and the unused password link. */
export interface PasswordChange {
  readonly passwordHash: string;
  readonly validFrom: Instant;
}

export interface PasswordRepository {
  /** Replaces the person's password link. From now on, their sessions cannot switch to other accounts. */
  saveLink(
    accountId: number,
    personId: number,
    link: { readonly tokenHash: string; readonly expiresAt: Instant },
  ): Promise<void>;
  /** Whether the person's unused link has this token. */
  hasLink(accountId: number, personId: number, tokenHash: string): Promise<boolean>;
  /** The person whose link this is. Undefined if the link does not exist or has expired. */
  ownerOfLink(accountId: number, tokenHash: string, now: Instant): Promise<LogInPerson | undefined>;
  /** Deletes a link. Of several simultaneous uses, only one returns true. */
  takeLink(accountId: number, tokenHash: string): Promise<boolean>;
  set(accountId: number, personId: number, change: PasswordChange): Promise<void>;
  /** Changes nothing and returns false if the current password no longer has the hash `replacing`. */
  replace(
    accountId: number,
    personId: number,
    change: PasswordChange & { readonly replacing: string },
  ): Promise<boolean>;
}

/** Stores revoked tokens. The repository of persons checks them when it reads a caller. */
export interface TokenRepository {
  revoke(accountId: number, tokenId: string, expiresAt: Instant): Promise<void>;
  /** Deletes expired tokens, which are rejected anyway. */
  forgetExpired(accountId: number, now: Instant): Promise<void>;
  invalidatePerson(accountId: number, personId: number, validFrom: Instant): Promise<void>;
  invalidateAccount(accountId: number, validFrom: Instant): Promise<void>;
}
