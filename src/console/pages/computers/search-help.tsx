const terms: readonly (readonly [term: string, means: string])[] = [
  ['web', 'a part of the title or hostname'],
  ['tag:db', 'has the tag'],
  ['hostname:web-1.example.com', 'has exactly this hostname'],
  ['access-group:servers', 'is in this access group'],
  ['access-group-recursive:servers', 'is in this access group or a group in it'],
  ['profile:script:12', 'is reached by the script profile with this number'],
  ['alert:computer-offline', 'was not seen in the last 30 minutes'],
  ['tag:web NOT tag:test', 'both must match, and the second must not'],
  ['tag:web OR tag:db', 'one must match. OR binds more tightly than a space.'],
];

/** The terms of the search, folded away. */
export function SearchHelp() {
  return (
    <details className="search-help">
      <summary>How to search</summary>
      <dl className="search-help__terms">
        {terms.map(([term, means]) => (
          <div key={term}>
            <dt>
              <code>{term}</code>
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
