/** A person with what their dialogs show and send. */
export interface PersonToChange {
  readonly id: string;
  readonly databaseId: number;
  readonly name: string;
  readonly email: string;
  readonly version: number | null;
  readonly hasPassword: boolean | null;
  readonly passwordLinkExpiresAt: string | null;
  readonly roles: readonly { readonly name: string }[] | null;
}

/** What the viewer asked for. */
export type PersonAsk =
  | { readonly to: 'invite' }
  | {
      readonly to: 'edit' | 'renew' | 'reset' | 'revoke' | 'remove' | 'log-out';
      readonly person: PersonToChange;
    };
