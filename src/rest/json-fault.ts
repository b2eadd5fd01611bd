const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** A text without its closing quote. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none in a text
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y;
const WORDS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

/**
 * Where a text stops to be JSON: the position of the first character that can't stand there, or the end.
 * An escape or a part of a number that comes to nothing breaks where it begins.
 * V8 knows, but says so in some of its messages only. It keeps a stack of its own: deep texts are no harm.
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
    // A value, down to the first one within that is neither list nor object.
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
    // What may follow it: ends of what is open, until the next value.
    while (open.length > 0 && take(open.at(-1)!)) open.pop();
    if (open.length === 0 || !take(',')) return position;
    if (open.at(-1) === '}' && !takeKey()) return position;
  }
}
