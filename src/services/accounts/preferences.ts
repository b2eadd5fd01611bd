import { authorise, type Caller } from '../../domain/accounts/access.ts';
import { checkChange } from '../../domain/edit.ts';
import { invalidAsDescribed } from '../../domain/errors.ts';
import { changesBetween } from '../../domain/event.ts';
import { titleOf } from '../../domain/scripts/script.ts';
import { accountEntity, record } from '../event-log.ts';
import type { Preferences, Store } from '../ports.ts';
import { hashOf } from '../secrets.ts';

export type PreferencesService = ReturnType<typeof preferencesService>;

export interface PreferencesEdit {
  readonly title?: string | null;
  readonly autoRegisterNewComputers?: boolean | null;
  /** Empty removes the key. */
  readonly registrationKey?: string | null;
}

const MIN_KEY_LENGTH = 8;
const MAX_KEY_LENGTH = 255;

/** Settings that control how computers join an account. */
export function preferencesService(store: Store) {
  return {
    get(caller: Caller): Promise<Preferences> {
      authorise(caller, 'ViewComputer');
      return store.read.accounts.preferences(caller.accountId);
    },

    /** @throws Refusal INVALID_INPUT */
    update(caller: Caller, edit: PreferencesEdit): Promise<Preferences> {
      authorise(caller, 'ManageAccount');
      return store.transaction(async (tx, now) => {
        const before = await tx.accounts.preferences(caller.accountId);
        const after: Preferences = {
          title: checkChange(edit.title ?? before.title, before.title, titleOf),
          autoRegisterNewComputers: edit.autoRegisterNewComputers ?? before.autoRegisterNewComputers,
          registrationKeyHash:
            edit.registrationKey == null ? before.registrationKeyHash : keyHash(edit.registrationKey),
        };
        await tx.accounts.savePreferences(caller.accountId, after);
        const had = before.registrationKeyHash;
        const isAnother = had !== null && had !== after.registrationKeyHash;
        const changes = changesBetween(shown(before, 'set'), shown(after, isAnother ? 'replaced' : 'set'), [
          'title',
          'autoRegisterNewComputers',
          'registrationKey',
        ]);
        record(tx, caller, now, { action: 'PREFERENCES_EDITED', entity: accountEntity(caller), changes });
        return after;
      });
    },
  };
}

/** Shows whether a key is set. The key is secret, and its hash would allow offline guesses. */
const shown = ({ registrationKeyHash, ...preferences }: Preferences, key: string) => ({
  ...preferences,
  registrationKey: registrationKeyHash === null ? null : key,
});

function keyHash(key: string): string | null {
  if (key === '') return null;
  if (key.length < MIN_KEY_LENGTH || key.length > MAX_KEY_LENGTH || /\p{Cc}/u.test(key)) {
    // The key is a secret, so the message shows only its length.
    const allowed = `${MIN_KEY_LENGTH} to ${MAX_KEY_LENGTH} characters without control characters, or empty to remove the key`;
    throw invalidAsDescribed('registrationKey', `${key.length} characters`, allowed);
  }
  return hashOf(key);
}
