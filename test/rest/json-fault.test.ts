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

test('a text that is JSON breaks nowhere: the fault is its end', () => {
  fc.assert(fc.property(json, (text) => expect(jsonFault(text)).toBe(text.length)));
});

test('what stands before the fault can still become JSON, and with the character at it no more', () => {
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
      // A whole value may stand there already; then it is what follows that is too much.
      if (isJson(text.slice(0, fault))) return;
      expect(completions(text.slice(0, fault)).some(isJson)).toBe(true);
      // An escape or a part of a number that comes to nothing breaks where it begins.
      if (fault < text.length && !/[\\.eE-]/.test(text[fault]!))
        expect(completions(text.slice(0, fault + 1)).some(isJson)).toBe(false);
    }),
    { numRuns: thorough(1000) },
  );
});

/** Ways to go on: something for what is begun, then an end for each thing that is open. */
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
