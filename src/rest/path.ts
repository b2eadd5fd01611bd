/** Older clients omit the version. */
const PREFIXES = ['/api/v2', '/api'];

export function pathBelowPrefix(path: string): string | undefined {
  const prefix = PREFIXES.find((candidate) => path === candidate || path.startsWith(`${candidate}/`));
  return prefix === undefined ? undefined : path.slice(prefix.length);
}

/**
 * Matches the decoded segments of a path. `{id}` matches any text without a colon. So `5:archive` is not an id, and
 * `5:bogus` matches no route.
 */
export function matcher(template: string) {
  const patterns = template
    .split('/')
    .map((segment) => new RegExp(`^${segment.replace(/\{(\w+)\}/, '(?<$1>[^:]+)')}$`));
  return (path: string): Record<string, string> | undefined => {
    const segments = path.split('/');
    if (segments.length !== patterns.length) return undefined;
    const parameters: Record<string, string> = {};
    for (const [index, pattern] of patterns.entries()) {
      const match = pattern.exec(decoded(segments[index]!));
      if (!match) return undefined;
      Object.assign(parameters, match.groups);
    }
    return parameters;
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
