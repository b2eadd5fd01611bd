/** Internal details that no answer may contain: statements, tables, files, libraries and stacks. */
export const INSIDE =
  /\b(select|insert into|update|delete from)\b.*\b(script_profile|person|account)\b|(relation|column) \\?"|prisma|pglite|postgres|invocation|node_modules|\.[jt]s\b|\bat .*:\d+:\d+|stack|\bECONN|raw query|driveradapter/i;
