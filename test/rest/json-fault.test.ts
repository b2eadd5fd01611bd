import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonFault } from '../../src/rest/json-fault.ts';
import { thorough } from '../support/seed.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const json = fc.json({ noUnicodeString: false }).map((text) => ` ${text.replaceAll(',', ' ,\n')}\t`);

test('for a valid JSON text, the fault is its end', () => {
  fc.assert(fc.property(json, (text) => expect(jsonFault(text)).toBe(text.length)));
});

test('the text before the fault can be completed to valid JSON, and the text with the character at the fault cannot', () => {
  const broken = fc
    .tuple(json, fc.nat(), fc.constantFrom(...'{}[],:"\\0-.eatfn \0é'), fc.nat(2))
    .map(([text, at, character, gone]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + character + text.slice(place + gone);
    })
    .filter((text) => !isJson(text));
  fc.assert(
    fc.property(broken, (text) => {
      const fault = jsonFault(text);
      // The text before the fault may already be valid JSON, so that the rest is the fault.
      if (isJson(text.slice(0, fault))) return;
      expect(completions(text.slice(0, fault)).some(isJson)).toBe(true);
      // An invalid escape or number is reported at its start.
      if (fault < text.length && !/[\\.eE-]/.test(text[fault]!))
        expect(completions(text.slice(0, fault + 1)).some(isJson)).toBe(false);
    }),
    { numRuns: thorough(1000) },
  );
});

/** Possible completions: something for the unfinished part, then the closing brackets. */
function completions(start: string): string[] {
  const closings: string[] = [];
  let inText = false;
  for (let index = 0; index < start.length; index += 1) {
    const character = start[index];
    if (inText) {
      if (character === '\\') index += 1;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '[') closings.unshift(']');
    else if (character === '{') closings.unshift('}');
    else if (character === ']' || character === '}') closings.shift();
  }
  const begun = [
    '',
    '"',
    '"":0',
    '":0',
    ':0',
    '0',
    '":0',
    'n"',
    'u0000"',
    '000"',
    '00"',
    '0"',
    'n":0',
    'u0000":0',
  ];
  begun.push('000":0', '00":0', '0":0', 'rue', 'ue', 'e', 'alse', 'lse', 'se', 'ull', 'll', 'l', '.0');
  return begun.map((more) => start + more + closings.join(''));
}
