interface Props {
  readonly computers: readonly { readonly tags: readonly string[] }[];
  readonly removed: readonly string[];
  readonly change: (removed: readonly string[]) => void;
}

/** The tags that the computers have. A click marks a tag for removal, another one keeps it. */
export function TagToggles({ computers, removed, change }: Props) {
  const tags = [...new Set(computers.flatMap((computer) => computer.tags))].sort();
  if (tags.length === 0) return <p className="u-text--muted">There are no tags yet.</p>;
  const toggle = (tag: string) =>
    change(removed.includes(tag) ? removed.filter((one) => one !== tag) : [...removed, tag]);
  return (
    <fieldset className="tag-toggles">
      <legend>Remove tags</legend>
      {tags.map((tag) => {
        const having = computers.filter((computer) => computer.tags.includes(tag)).length;
        const isRemoved = removed.includes(tag);
        return (
          <button
            key={tag}
            type="button"
            className="tag tag-toggles__tag"
            aria-pressed={isRemoved}
            title={isRemoved ? 'Keep this tag' : 'Remove this tag'}
            onClick={() => toggle(tag)}
          >
            {tag}
            {having < computers.length && ` (${having} of ${computers.length})`}
            <span aria-hidden="true">{isRemoved ? ' ↺' : ' ×'}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
