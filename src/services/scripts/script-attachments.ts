import { asPerson, type Caller, scopeOf } from '../../domain/accounts/access.ts';
import { notFound } from '../../domain/errors.ts';
import { changesBetween } from '../../domain/event.ts';
import { attachmentsChanged, type Script } from '../../domain/scripts/script.ts';
import {
  type AttachmentDraft,
  newAttachment,
  type ScriptAttachment,
} from '../../domain/scripts/script-attachment.ts';
import type { Instant } from '../../domain/time.ts';
import { record } from '../event-log.ts';
import type { Repositories, Store, Transaction } from '../ports.ts';
import { asEntity, lockScript } from './scripts.ts';

export function scriptAttachmentService(store: Store) {
  const { read } = store;
  return {
    /** Each script's attachments. */
    of(caller: Caller, scripts: readonly Pick<Script, 'id'>[]) {
      const ids = scripts.map(({ id }) => id);
      return read.scriptAttachments.of(scopeOf(caller, 'ViewScript'), ids);
    },

    /**
     * The contents of attachments in base64. A deleted attachment is empty. The caller must already have read
     * the attachments under their own scope.
     */
    async contents(
      { accountId }: Pick<Caller, 'accountId'>,
      attachments: readonly ScriptAttachment[],
    ): Promise<string[]> {
      const ids = attachments.map(({ id }) => id);
      const contents = await read.scriptAttachments.contents(accountId, ids);
      return contents.map((content) => content ?? '');
    },

    /**
     * Adds an attachment. Creates no new version. @throws Refusal NOT_FOUND, SCRIPT_NOT_ACTIVE, INVALID_INPUT
     */
    add(caller: Caller, scriptId: number, draft: AttachmentDraft): Promise<Script> {
      return store.transaction(async (tx, now) => {
        const script = await lockScript(tx, caller, scriptId, 'ManageScript', 'scriptId');
        const changed = attachmentsChanged(script, { by: asPerson(caller), at: now });
        const present = await presentOf(tx, caller, scriptId);
        const attachment = newAttachment(draft, present);
        await tx.scriptAttachments.insert(caller.accountId, { ...attachment, scriptId, createdAt: now });
        await tx.scripts.save(caller.accountId, script, changed);
        recordFiles(tx, caller, now, script, present, [...present, attachment]);
        return changed;
      });
    },

    /** @throws Refusal NOT_FOUND, also if the script has no attachment with this name; SCRIPT_NOT_ACTIVE */
    remove(caller: Caller, scriptId: number, filename: string): Promise<Script> {
      return store.transaction(async (tx, now) => {
        const script = await lockScript(tx, caller, scriptId, 'ManageScript', 'scriptId');
        const changed = attachmentsChanged(script, { by: asPerson(caller), at: now });
        const present = await presentOf(tx, caller, scriptId);
        const left = present.filter((attachment) => attachment.filename !== filename);
        if (left.length === present.length) throw notFound('attachment', filename, 'filename');
        await tx.scriptAttachments.remove(caller.accountId, scriptId, filename);
        await tx.scripts.save(caller.accountId, script, changed);
        recordFiles(tx, caller, now, script, present, left);
        return changed;
      });
    },
  };
}

async function presentOf(tx: Repositories, caller: Caller, scriptId: number): Promise<ScriptAttachment[]> {
  const [present = []] = await tx.scriptAttachments.of(scopeOf(caller, 'ViewScript'), [scriptId]);
  return present;
}

type Files = readonly { readonly filename: string }[];

/** Records only file names, because contents may be redacted, but the event log cannot. */
function recordFiles(
  tx: Transaction,
  caller: Caller,
  at: Instant,
  script: Script,
  before: Files,
  after: Files,
): void {
  const names = (files: Files) => ({ attachments: files.map(({ filename }) => filename) });
  const changes = changesBetween(names(before), names(after), ['attachments']);
  record(tx, caller, at, { action: 'SCRIPT_EDITED', entity: asEntity(script), changes });
}
