import { and, bigints, type Connection, rows, sql } from '../../database/sql.ts';
import type { ScriptAttachment } from '../../domain/scripts/script-attachment.ts';
import type { ScriptAttachmentRepository } from '../../services/scripts/script-ports.ts';
import { ofSeenScript } from '../scope.ts';

export const scriptAttachmentRepository = (connection: Connection): ScriptAttachmentRepository => ({
  async of(scope, scriptIds) {
    const found = await rows<ScriptAttachment>(
      connection,
      sql`
        select f.id, f.script_id as "scriptId", f.filename, octet_length(f.content) as size
        from script_attachment f
        where ${and([
          sql`f.account_id = ${scope.accountId}::bigint and f.script_id = any(${bigints(scriptIds)})`,
          ...ofSeenScript(scope, sql`f.script_id`),
        ])}
        order by f.id`,
    );
    return scriptIds.map((id) => found.filter(({ scriptId }) => scriptId === id));
  },

  async contents(accountId, ids) {
    const found = await connection.scriptAttachment.findMany({
      where: { accountId, id: { in: [...ids] } },
      select: { id: true, content: true },
    });
    const contents = new Map(found.map(({ id, content }) => [Number(id), content]));
    return ids.map((id) =>
      contents.has(id) ? Buffer.from(contents.get(id)!).toString('base64') : undefined,
    );
  },

  async insert(accountId, { scriptId, filename, content, createdAt }) {
    await connection.scriptAttachment.create({
      data: { accountId, scriptId, filename, content: new Uint8Array(content), createdAt },
      select: { id: true },
    });
  },

  async remove(accountId, scriptId, filename) {
    await connection.scriptAttachment.deleteMany({ where: { accountId, scriptId, filename } });
  },

  async removeAll(accountId, scriptId) {
    await connection.scriptAttachment.deleteMany({ where: { accountId, scriptId } });
  },
});
