import type { DocumentNode } from 'graphql';
import { askingFrom, type Caller, type Origin, type Principal, personOf } from '../domain/access.ts';
import { LARGEST_PAGE_SIZE } from '../domain/page.ts';
import type { Instant } from '../domain/time.ts';
import type { Grant, ShownToken } from '../domain/token.ts';
import type { Services } from '../services/index.ts';
import type { Trail } from '../services/trail.ts';
import { Answer, type AnswerLimits } from './answer.ts';
import { Siblings } from './siblings.ts';

/** Makes the token that a log-in grants. */
export type IssueToken = (grant: Grant) => { readonly token: string; readonly expiresAt: Instant };

/** The URL of the page on which a person sets a password with this token. */
export type PasswordPage = (token: string) => string;

export interface GraphRequest {
  readonly principal: Principal;
  readonly services: Services;
  readonly issueToken: IssueToken;
  readonly passwordPage: PasswordPage;
  readonly origin: Origin;
  readonly largestPage?: number;
  readonly largestTexts?: number;
  /** Bounds on the answer; those of a caller's own document by default. */
  readonly limits?: AnswerLimits;
  readonly siblings?: Siblings;
  readonly giveUp?: () => void;
  readonly admit?: (document: DocumentNode) => void;
  readonly trail?: Trail;
}

/** What is a request's own of it: the rest is the same for all. */
export type OneRequest = Omit<GraphRequest, 'services' | 'issueToken' | 'passwordPage'>;

/** What a resolver knows of its request. */
export class GraphContext {
  readonly principal: Principal;
  readonly origin: Origin;
  readonly services: Services;
  readonly issueToken: IssueToken;
  readonly passwordPage: PasswordPage;
  /** The ceiling of `first` and `last`. */
  readonly largestPage: number;
  /** Bytes of long texts on a page, for clients that take a page to be shorter than they asked for. */
  readonly largestTexts: number;
  readonly answer: Answer;
  readonly siblings: Siblings;
  /** For a subscription: ends the stream of who does not keep up. */
  readonly giveUp: () => void;
  /** For a subscription: takes its document, once it has passed every check. */
  readonly admit: ((document: DocumentNode) => void) | undefined;
  /** Where it is left what was run, and how it went. */
  readonly trail: Trail | undefined;

  constructor(request: GraphRequest) {
    this.principal = askingFrom(request.principal, request.origin);
    this.origin = request.origin;
    this.services = request.services;
    this.issueToken = request.issueToken;
    this.passwordPage = request.passwordPage;
    this.largestPage = request.largestPage ?? LARGEST_PAGE_SIZE;
    this.largestTexts = request.largestTexts ?? Number.POSITIVE_INFINITY;
    this.answer = new Answer(request.limits);
    this.siblings = request.siblings ?? new Siblings();
    this.giveUp = request.giveUp ?? (() => {});
    this.admit = request.admit;
    this.trail = request.trail;
  }

  /**
   * The person who asks: nearly every field is for people only.
   * @throws Refusal FORBIDDEN for anybody else, UNAUTHENTICATED for nobody
   */
  get caller(): Caller {
    return personOf(this.principal);
  }

  /** What the person showed. */
  get shownToken(): ShownToken | undefined {
    return this.principal.kind === 'person' ? this.principal.token : undefined;
  }
}
