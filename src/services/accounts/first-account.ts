import type { Origin } from '../../domain/accounts/access.ts';
import { newPassword } from '../../domain/accounts/password.ts';
import { checkPerson, type Person, type PersonDraft } from '../../domain/accounts/person.ts';
import { check, Refusal } from '../../domain/errors.ts';
import type { Instant } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import type { Store } from '../ports.ts';
import { hashPassword } from './password.ts';
import type { PasswordGate } from './password-gate.ts';

/** `npm run admin` uses the same name by default. */
const ACCOUNT = { name: 'standalone', title: 'Standalone' } as const;

export interface FirstAccount {
  readonly accountName: string;
  readonly accountTitle: string;
  readonly createdAt: Instant;
  readonly person: Person;
}

/** Creation of the first account of an empty installation. Any caller may create it, once. */
export function firstAccountService(store: Store, gate: PasswordGate) {
  return {
    /**
     * Creates the account and its administrator in one transaction.
     * @throws Refusal FORBIDDEN if the password may have been intercepted; INVALID_INPUT also if an account exists
     */
    async create(
      { password, ...draft }: PersonDraft & { readonly password: string },
      origin: Origin,
    ): Promise<FirstAccount> {
      if (!origin.isPrivate)
        throw new Refusal(
          'FORBIDDEN',
          'The first account can be created only over HTTPS or from the server’s own machine.',
        );
      // Checked before the password is hashed, because hashing costs more than this read.
      if ((await store.read.accounts.ids()).length > 0) throw exists();
      const { person } = check({
        person: () => checkPerson(draft),
        password: () => newPassword('password', password),
      });
      return gate(async () => {
        const passwordHash = await hashPassword(password);
        return store.transaction(async (tx, now) => {
          const accountId = await tx.accounts.createFirst({ ...ACCOUNT, now });
          if (accountId === undefined) throw exists();
          const id = await tx.accounts.addAdministrator(accountId, { ...person, passwordHash, now });
          record(tx, { accountId, personId: id, ...person, origin }, now, {
            action: 'ACCOUNT_CREATED',
            entity: { type: 'Account', id: accountId, title: ACCOUNT.name },
            changes: { administrator: { from: null, to: person.email } },
          });
          return {
            accountName: ACCOUNT.name,
            accountTitle: ACCOUNT.title,
            createdAt: now,
            person: { id, ...person },
          };
        });
      });
    },
  };
}

const exists = () =>
  new Refusal(
    'INVALID_INPUT',
    'An account already exists. Log in, or ask an administrator for an invitation.',
  );
