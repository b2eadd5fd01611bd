/** In an update null means the same as absent: nothing that can be edited can be cleared. */
export function withoutNulls<Edit extends object>(edit: Edit): Edit {
  return Object.fromEntries(Object.entries(edit).filter(([, value]) => value != null)) as Edit;
}
