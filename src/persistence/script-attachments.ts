import type { ScriptAttachment } from '../domain/script-attachment.ts';
import type { ScriptAttachmentRepository } from '../services/script-ports.ts';
import { ofSeenScript } from './scope.ts';
import { and, bigints, type Connection, inOrderOf, insertInto, rows, sql, timestamp } from './sql.ts';

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
    const found = await rows<{ id: number; content: string }>(
      connection,
      sql`
        -- PostgreSQL breaks base64 into lines.
        select id, translate(encode(content, 'base64'), chr(10), '') as content
        from script_attachment where account_id = ${accountId}::bigint and id = any(${bigints(ids)})`,
    );
    return inOrderOf(ids, found).map((attachment) => attachment?.content);
  },

  async insert(accountId, { scriptId, filename, content, createdAt }) {
    await connection.$executeRaw(
      insertInto('script_attachment', {
        account_id: sql`${accountId}::bigint`,
        script_id: sql`${scriptId}::bigint`,
        filename: sql`${filename}`,
        content: sql`decode(${content.toString('base64')}::text, 'base64')`,
        created_at: timestamp(createdAt),
      }),
    );
  },

  async remove(accountId, scriptId, filename) {
    await connection.$executeRaw(sql`
      delete from script_attachment
      where account_id = ${accountId}::bigint and script_id = ${scriptId}::bigint and filename = ${filename}`);
  },

  async removeAll(accountId, scriptId) {
    await connection.$executeRaw(
      sql`delete from script_attachment where account_id = ${accountId}::bigint and script_id = ${scriptId}::bigint`,
    );
  },
});
