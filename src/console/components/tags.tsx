import { Link } from 'react-router';

interface Props {
  readonly tags: readonly string[];
  /** Where a tag leads, such as the list filtered by it. */
  readonly to?: (tag: string) => string;
}

/** Tags as small labels. */
export function Tags({ tags, to }: Props) {
  return (
    <span className="tags">
      {tags.map((tag) =>
        to ? (
          <Link key={tag} className="tag" to={to(tag)}>
            {tag}
          </Link>
        ) : (
          <span key={tag} className="tag">
            {tag}
          </span>
        ),
      )}
    </span>
  );
}
