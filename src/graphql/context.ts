import type { DocumentNode } from 'graphql';
import type { ShownToken } from '../domain/accounts/access.ts';
import { type Caller, type Origin, type Principal, personOf, withOrigin } from '../domain/accounts/access.ts';
import type { Grant } from '../domain/accounts/token.ts';
import { MAX_PAGE_SIZE } from '../domain/page.ts';
import type { Instant } from '../domain/time.ts';
import type { Services } from '../services/index.ts';
import type { RequestRecord } from '../services/request-record.ts';
import { Answer, type AnswerLimits } from './execution/answer.ts';
import { PageLoader } from './execution/page-loader.ts';

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
  readonly pageLoader?: PageLoader;
  readonly giveUp?: () => void;
  readonly admit?: (document: DocumentNode) => void;
  readonly requestRecord?: RequestRecord;
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
  readonly pageLoader: PageLoader;
  /** For a subscription: ends the stream of who does not keep up. */
  readonly giveUp: () => void;
  /** For a subscription: takes its document, once it has passed every check. */
  readonly admit: ((document: DocumentNode) => void) | undefined;
  /** Where it is left what was run, and how it went. */
  readonly requestRecord: RequestRecord | undefined;

  constructor(request: GraphRequest) {
    this.principal = withOrigin(request.principal, request.origin);
    this.origin = request.origin;
    this.services = request.services;
    this.issueToken = request.issueToken;
    this.passwordPage = request.passwordPage;
    this.largestPage = request.largestPage ?? MAX_PAGE_SIZE;
    this.largestTexts = request.largestTexts ?? Number.POSITIVE_INFINITY;
    this.answer = new Answer(request.limits);
    this.pageLoader = request.pageLoader ?? new PageLoader();
    this.giveUp = request.giveUp ?? (() => {});
    this.admit = request.admit;
    this.requestRecord = request.requestRecord;
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
