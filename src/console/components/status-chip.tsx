import type { Look } from '../format/status.ts';

/** A state as a dot and a word. The word says it all, so colour is only an aid. */
export function StatusChip({ look, note }: { readonly look: Look; readonly note?: string | null }) {
  return (
    <span className={`status-chip is-${look.tone}`} title={note ?? undefined}>
      {look.label}
    </span>
  );
}
