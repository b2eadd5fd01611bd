import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  checkReport,
  type Execution,
  type ExecutionReport,
  isInTime,
  takesReport,
} from '../../src/domain/activities/execution.ts';
import type { Instant } from '../../src/domain/time.ts';
import { at, LATER, NOW, refusalOf } from '../support/builders.ts';
import { thorough } from '../support/seed.ts';

const MAX_BYTES = 512 * 1024;
const CUT = '\n**OUTPUT TRUNCATED**';
const textOf = (resultText: string) => checkReport({ succeeded: true, resultText }).resultText!;

describe('a report is interpreted as', () => {
  test.each<[ExecutionReport, object]>([
    [{ succeeded: true }, { status: 'succeeded', resultCode: null, resultText: null }],
    [
      { succeeded: true, resultText: '' },
      { status: 'succeeded', resultCode: null, resultText: '' },
    ],
    [
      { succeeded: true, resultCode: null, resultText: null },
      { status: 'succeeded', resultCode: null, resultText: null },
    ],
    [{ succeeded: false }, { status: 'failed', resultCode: null, resultText: null }],
    [
      { succeeded: false, resultCode: 102 },
      { status: 'failed', resultCode: 102, resultText: null },
    ],
    [
      { succeeded: false, resultCode: 103, resultText: 'a' },
      { status: 'failed', resultCode: 103, resultText: 'a' },
    ],
    [
      { succeeded: false, resultCode: 104 },
      { status: 'failed', resultCode: 104, resultText: null },
    ],
  ])('%j', (report, taken) => {
    expect(checkReport(report)).toEqual(taken);
  });
});

describe('a report is refused', () => {
  test.each<[string, ExecutionReport, string]>([
    [
      'with a result code although it succeeded',
      { succeeded: true, resultCode: 103 },
      'omitted for a success',
    ],
    ['with an unknown code', { succeeded: false, resultCode: 101 }, 'omitted or one of 102, 103, 104'],
    [
      'with the exit code as result code',
      { succeeded: false, resultCode: 1 },
      'omitted or one of 102, 103, 104',
    ],
    ['with 0', { succeeded: false, resultCode: 0 }, 'omitted or one of 102, 103, 104'],
  ])('%s', (_, report, allowed) => {
    const refusal = refusalOf(() => checkReport(report));
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.detail).toEqual({ field: 'resultCode', found: String(report.resultCode), allowed });
  });
});

describe('the output of a script', () => {
  test('is stored unchanged up to 512 KiB, counted in bytes', () => {
    for (const text of ['x'.repeat(MAX_BYTES), 'ü'.repeat(MAX_BYTES / 2), '\uFEFFa\u{1F600}\r\n\t'])
      expect(textOf(text)).toBe(text);
  });

  test('has each NUL replaced, because the database cannot store it', () => {
    expect(textOf('a\0b\0')).toBe('a\uFFFDb\uFFFD');
  });

  test('is cut beyond that between characters, with a note at its end', () => {
    const room = MAX_BYTES - CUT.length;
    expect(textOf('x'.repeat(MAX_BYTES + 1))).toBe('x'.repeat(room) + CUT);
    for (const character of ['ü', '€', '\u{1F600}']) {
      const width = Buffer.byteLength(character);
      for (let shift = 0; shift < width; shift += 1) {
        const stored = textOf('x'.repeat(shift) + character.repeat(MAX_BYTES));
        expect(Buffer.byteLength(stored)).toBeLessThanOrEqual(MAX_BYTES);
        expect(stored).toBe(
          `${'x'.repeat(shift)}${character.repeat(Math.floor((room - shift) / width))}${CUT}`,
        );
      }
    }
  });

  test('of any characters is stored as a prefix of at most 512 KiB, as long as possible', () => {
    const characters = fc.constantFrom('x', 'ü', '€', '\u{1F600}', '\uFEFF', '\n');
    fc.assert(
      fc.property(fc.array(characters, { minLength: 1, maxLength: 20 }), fc.nat(30), (list, more) => {
        const unit = list.join('');
        const text = unit.repeat(Math.floor(MAX_BYTES / Buffer.byteLength(unit)) + more);
        const stored = textOf(text);
        expect(Buffer.byteLength(stored)).toBeLessThanOrEqual(MAX_BYTES);
        if (stored === text) return;
        expect(stored.endsWith(CUT)).toBe(true);
        expect(text.startsWith(stored.slice(0, -CUT.length))).toBe(true);
        expect(Buffer.byteLength(stored)).toBeGreaterThan(MAX_BYTES - 4);
      }),
      { numRuns: thorough(20) },
    );
  });
});

test.each<[string, Partial<Execution>, boolean]>([
  ['one that was taken', { status: 'delivered' }, true],
  ['one that was canceled after it was taken, and replaces that status', { status: 'canceled' }, true],
  ['one that was given up as overdue, and replaces that status', { status: 'failed' }, true],
  ['one that was reported, but the first report counts', { status: 'succeeded', reportedAt: NOW }, false],
  ['one that was reported as failed', { status: 'failed', reportedAt: NOW }, false],
  ['one that was not taken', { status: 'undelivered', deliveryTime: null }, false],
  ['one that was canceled before it was taken', { status: 'canceled', deliveryTime: null }, false],
])('a report is for %s', (_, execution, taken) => {
  const delivered: Execution = {
    id: 2,
    parentId: 1,
    computerId: 3,
    status: 'delivered',
    deliveryTime: NOW,
    reportedAt: null,
  };
  expect(takesReport({ ...delivered, ...execution })).toBe(taken);
});

test.each<[string, Instant | null, boolean]>([
  ['in time without a limit', null, true],
  ['in time before it', LATER, true],
  ['late at that time', NOW, false],
  ['late after it', at('2025-04-10T12:00:30.249999'), false],
])('an undelivered execution of a run is %s', (_, deliverBy, inTime) => {
  expect(isInTime({ deliverBy }, NOW)).toBe(inTime);
});
