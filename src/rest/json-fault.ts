const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** A string without its closing quote. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids control characters in a string
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y;
const WORDS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

/**
 * Returns the position of the first character that is not valid JSON, or the end if the text ends too early. An invalid
 * escape or number is reported at its start. V8 knows the position, but includes it in only some of its messages. The
 * function keeps its own stack, so deep nesting is harmless.
 */
export function jsonFault(text: string): number {
  let position = 0;
  const open: string[] = [];
  const skip = (pattern: RegExp) => {
    pattern.lastIndex = position;
    position += pattern.exec(text)?.[0].length ?? 0;
  };
  const take = (character: string): boolean => {
    if (text[position] !== character) return false;
    position += 1;
    skip(SPACE);
    return true;
  };
  const takeText = (): boolean => {
    if (text[position] !== '"') return false;
    skip(TEXT);
    return take('"');
  };
  const takeKey = () => takeText() && take(':');
  const takeScalar = (): boolean => {
    if (text[position] === '"') return takeText();
    const word = WORDS[text[position] ?? ''];
    if (word === undefined) skip(NUMBER);
    for (const letter of word ?? '') {
      if (text[position] !== letter) return false;
      position += 1;
    }
    return true;
  };

  skip(SPACE);
  for (;;) {
    // Reads a value, down to the first one inside that is neither a list nor an object.
    if (take('[')) {
      open.push(']');
      if (text[position] !== ']') continue;
    } else if (take('{')) {
      open.push('}');
      if (text[position] !== '}') {
        if (!takeKey()) return position;
        continue;
      }
    } else {
      const start = position;
      if (!takeScalar() || position === start) return position;
      skip(SPACE);
    }
    // Reads the closing brackets and the comma, up to the next value.
    while (open.length > 0 && take(open.at(-1)!)) open.pop();
    if (open.length === 0 || !take(',')) return position;
    if (open.at(-1) === '}' && !takeKey()) return position;
  }
}
