import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  fromBase64,
  newAttachment,
  type ScriptAttachment,
} from '../../src/domain/scripts/script-attachment.ts';
import { refusalOf } from '../support/builders.ts';

const MIB = 1024 * 1024;
const attachment = (filename: string, size = 1): ScriptAttachment => ({ id: 1, scriptId: 1, filename, size });
const base64 = (bytes: number) => Buffer.alloc(bytes, 1).toString('base64');

describe('a new attachment', () => {
  test('consists of its name and its bytes', () => {
    expect(newAttachment({ filename: 'a b.txt', content: 'aGVsbG8=' }, [])).toEqual({
      filename: 'a b.txt',
      content: Buffer.from('hello'),
    });
    expect(newAttachment({ filename: 'empty', content: '' }, []).content).toHaveLength(0);
  });

  test.each([
    ['', 'filename'],
    ['.', 'filename'],
    ['..', 'filename'],
    ['a/b', 'filename'],
    ['a\nb', 'filename'],
    ['a\0', 'filename'],
    ['\ud800', 'filename'],
    ['x'.repeat(256), 'filename'],
  ])('named %j is refused', (filename, field) => {
    expect(refusalOf(() => newAttachment({ filename, content: '' }, [])).detail.field).toBe(field);
  });

  test.each(['...', '-', 'ä', 'x'.repeat(255), 'C:\\a'])('named %j is accepted', (filename) => {
    expect(newAttachment({ filename, content: '' }, []).filename).toBe(filename);
  });

  test('with the name of an existing attachment is refused, if upper and lower case agree', () => {
    const draft = (filename: string) => ({ filename, content: '' });
    expect(refusalOf(() => newAttachment(draft('a'), [attachment('a')])).detail).toMatchObject({
      field: 'filename',
    });
    expect(newAttachment(draft('A'), [attachment('a')]).filename).toBe('A');
  });

  test('is refused if the script has five', () => {
    const four = ['a', 'b', 'c', 'd'].map((filename) => attachment(filename));
    expect(newAttachment({ filename: 'e', content: '' }, four).filename).toBe('e');
    const refusal = refusalOf(() =>
      newAttachment({ filename: 'f', content: '' }, [...four, attachment('e')]),
    );
    expect(refusal.detail).toMatchObject({
      field: 'filename',
      allowed: 'for a script with fewer than 5 attachments',
    });
  });

  test.each([
    [MIB, 0, true],
    [MIB + 1, 0, false],
    [1, MIB - 1, true],
    [1, MIB, false],
    [0, MIB, true],
  ])('of %d bytes next to %d is accepted: %s', (bytes, taken, isTaken) => {
    const add = () => newAttachment({ filename: 'new', content: base64(bytes) }, [attachment('old', taken)]);
    if (isTaken) expect(add().content).toHaveLength(bytes);
    else
      expect(refusalOf(add).detail).toMatchObject({
        field: 'content',
        found: `${bytes} bytes in addition to ${taken}`,
      });
  });
});

describe('base64', () => {
  test.each(['a', 'aGVsbG8=!', 'a GVsbG8=', 'aGVsbG8===', 'äöü', 'aGVsbG9', '=', '*', 'aGVs bG8'])(
    'rejects %j',
    (text) => {
      const refusal = refusalOf(() => fromBase64(text, 'code'));
      expect(refusal.detail).toMatchObject({ field: 'code', allowed: 'base64' });
    },
  );

  test('decodes everything that is encoded, with or without padding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(fromBase64(text, 'code')).toEqual(Buffer.from(bytes));
        expect(fromBase64(text.replace(/=+$/, ''), 'code')).toEqual(Buffer.from(bytes));
        expect(fromBase64(text.replaceAll(/.{4}/g, '$&\r\n'), 'code')).toEqual(Buffer.from(bytes));
      }),
    );
  });
});
