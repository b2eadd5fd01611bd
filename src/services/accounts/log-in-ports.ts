import type { Identity } from '../../domain/accounts/access.ts';
import type { AccessKey } from '../../domain/accounts/access-key.ts';
import type { Attempts } from '../../domain/accounts/log-in.ts';
import type { Instant } from '../../domain/time.ts';

/** A person of one account, as far as logging in is concerned. */
export interface LogInPerson {
  readonly identity: Identity;
  readonly accountTitle: string;
  /** Null: they can't log in with a password. */
  readonly passwordHash: string | null;
  /** Tokens that were made before it are refused; null: none are. */
  readonly tokensValidFrom: Instant | null;
  /** An administrator of the account decides what lets them in, so it lets them into no other account. */
  readonly isAccountManaged: boolean;
}

/** Who logs in is of no account yet: the only reads that look into all of them. */
export interface LogInRepository {
  /**
   * The persons who have this e-mail: those whose address was vouched for first, then those with a password, then by the
   * age of their account.
   */
  peopleWith(email: string): Promise<LogInPerson[]>;
  /** The owner of an access key, and the hash of its secret. */
  ownerOf(key: string): Promise<{ readonly person: LogInPerson; readonly secretHash: string } | undefined>;
  /** Locks what is known of these subjects until the transaction ends, in one order for everybody. */
  lockAttempts(subjects: readonly string[], now: Instant): Promise<Map<string, Attempts>>;
  /** The same without a lock. */
  attempts(subjects: readonly string[]): Promise<Map<string, Attempts>>;
  saveAttempts(subject: string, attempts: Attempts): Promise<void>;
  /** It was no failure: one less, and the last one is again the one before it, unless others followed. */
  undoAttempt(subject: string, attempt: Instant, before: Instant): Promise<void>;
  /** Nothing is held against this subject any more. */
  clearFailures(subject: string): Promise<void>;
  forgetAttempts(before: Instant): Promise<void>;
  /** Whether this pair of an e-mail address and a network has had a log-in. */
  isKnownNetwork(subject: string): Promise<boolean>;
  rememberNetwork(subject: string, now: Instant): Promise<void>;
  forgetNetworks(before: Instant): Promise<void>;
}

export interface AccessKeyRepository {
  /** Locks their owner until the transaction ends: so many keys and no more are given out under this lock. */
  lockOwner(accountId: number, personId: number): Promise<void>;
  /** The oldest first. */
  ofPerson(accountId: number, personId: number): Promise<AccessKey[]>;
  insert(
    accountId: number,
    personId: number,
    key: AccessKey & { readonly secretHash: string },
  ): Promise<void>;
  /** Answers with the title that it had; undefined when there was no such key of theirs. */
  remove(accountId: number, personId: number, key: string): Promise<string | undefined>;
  markUsed(accountId: number, key: string, now: Instant): Promise<void>;
}

/** What a new password is set for. Earlier tokens are refused, and a link that waits is gone. */
export interface PasswordChange {
  readonly passwordHash: string;
  readonly validFrom: Instant;
}

export interface PasswordRepository {
  /** In place of the link that they had. From then on their sessions lead to no other account. */
  saveLink(
    accountId: number,
    personId: number,
    link: { readonly tokenHash: string; readonly expiresAt: Instant },
  ): Promise<void>;
  /** Whether the person's link that waits is the one with this token. */
  hasLink(accountId: number, personId: number, tokenHash: string): Promise<boolean>;
  /** Whose link this is; undefined if there is none, or it has expired. */
  ownerOfLink(accountId: number, tokenHash: string, now: Instant): Promise<LogInPerson | undefined>;
  /** Takes a link away: of two who come with it at once, one gets true. */
  takeLink(accountId: number, tokenHash: string): Promise<boolean>;
  set(accountId: number, personId: number, change: PasswordChange): Promise<void>;
  /** Answers with false, and changes nothing, where the password is no longer the one with this hash. */
  replace(
    accountId: number,
    personId: number,
    change: PasswordChange & { readonly replacing: string },
  ): Promise<boolean>;
}

/** Tokens that are good no more; whether one is, the reader of its bearer looks up too. */
export interface TokenRepository {
  revoke(accountId: number, tokenId: string, expiresAt: Instant): Promise<void>;
  /** What has expired by then is refused without us. */
  forgetExpired(accountId: number, now: Instant): Promise<void>;
  invalidatePerson(accountId: number, personId: number, validFrom: Instant): Promise<void>;
  invalidateAccount(accountId: number, validFrom: Instant): Promise<void>;
}
