import type { DocumentNode } from 'graphql';
import {
  type Caller,
  type Origin,
  type Principal,
  personOf,
  type ShownToken,
  withOrigin,
} from '../domain/accounts/access.ts';
import type { Grant } from '../domain/accounts/token.ts';
import { MAX_PAGE_SIZE } from '../domain/page.ts';
import type { Instant } from '../domain/time.ts';
import type { Services } from '../services/index.ts';
import type { RequestRecord } from '../services/request-record.ts';
import { Answer, type AnswerLimits } from './execution/answer.ts';
import { PageLoader } from './execution/page-loader.ts';

/** Creates the token that a log-in grants. */
export type IssueToken = (grant: Grant) => { readonly token: string; readonly expiresAt: Instant };

/** Returns the URL of the page on which a person sets a password with this token. */
export type PasswordPage = (token: string) => string;

export interface GraphRequest {
  readonly principal: Principal;
  readonly services: Services;
  readonly issueToken: IssueToken;
  readonly passwordPage: PasswordPage;
  readonly origin: Origin;
  readonly largestPage?: number;
  readonly largestTexts?: number;
  /** Limits on the size of the answer. Defaults to the limits for callers' own documents. */
  readonly limits?: AnswerLimits;
  readonly pageLoader?: PageLoader;
  readonly giveUp?: () => void;
  readonly admit?: (document: DocumentNode) => void;
  readonly requestRecord?: RequestRecord;
}

/** The part that differs for each request. The rest is the same for all requests. */
export type OneRequest = Omit<GraphRequest, 'services' | 'issueToken' | 'passwordPage'>;

/** The request's data for resolvers. */
export class GraphContext {
  readonly principal: Principal;
  readonly origin: Origin;
  readonly services: Services;
  readonly issueToken: IssueToken;
  readonly passwordPage: PasswordPage;
  /** Maximum value of `first` and `last`. */
  readonly largestPage: number;
  /** Maximum bytes of long texts on a page. Only for clients that accept a page shorter than they requested. */
  readonly largestTexts: number;
  readonly answer: Answer;
  readonly pageLoader: PageLoader;
  /** Only for subscriptions: ends the stream of a subscriber that is too slow. */
  readonly giveUp: () => void;
  /** Only for subscriptions: receives the document after it has passed every check. */
  readonly admit: ((document: DocumentNode) => void) | undefined;
  /** Records the operation and its outcome. */
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
   * The person who sent the request. Nearly every field requires a person.
   * @throws Refusal FORBIDDEN for other principals, UNAUTHENTICATED for an anonymous request
   */
  get caller(): Caller {
    return personOf(this.principal);
  }

  /** The token that the person sent. */
  get shownToken(): ShownToken | undefined {
    return this.principal.kind === 'person' ? this.principal.token : undefined;
  }
}
