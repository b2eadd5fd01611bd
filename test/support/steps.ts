import { type Profiler, Session } from 'node:inspector';

const session = new Session();
session.connect();
// Counts only functions that are compiled after this, at their first call.
post('Profiler.enable');
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/**
 * The number of steps of each piece of work in our sources, on any machine. Adds V8's counts of executed blocks and the
 * characters that JavaScript's own functions read.
 */
export function countSteps(...works: readonly (() => unknown)[]): number[] {
  takeBlocks();
  return works.map((work) => {
    const characters = countCharacters(() => {
      try {
        work();
      } catch {
        // A refusal takes steps as well.
      }
    });
    return takeBlocks() + characters;
  });
}

function post(method: string, parameters?: object): unknown {
  let answer: unknown;
  session.post(method, parameters, (error, result) => {
    if (error) throw error;
    answer = result;
  });
  return answer;
}

/** Since the last time. */
function takeBlocks(): number {
  const { result } = post('Profiler.takePreciseCoverage') as Profiler.TakePreciseCoverageReturnType;
  return result
    .filter(({ url }) => url.includes('/src/'))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
    .reduce((sum, { count }) => sum + count, 0);
}

// biome-ignore lint/suspicious/noExplicitAny: functions of any kind are wrapped
type AnyFunction = (...parameters: any[]) => any;

const TEXT_METHODS = [
  'includes',
  'indexOf',
  'lastIndexOf',
  'replace',
  'replaceAll',
  'split',
  'trim',
] as const;
const TEXT_COPIES = ['repeat', 'slice', 'substring', 'toLowerCase', 'toUpperCase', 'toWellFormed'] as const;
const LIST_METHODS = [
  'filter',
  'find',
  'flatMap',
  'includes',
  'indexOf',
  'join',
  'map',
  'shift',
  'slice',
] as const;

function countCharacters(work: () => void): number {
  let characters = 0;
  const restored: (() => void)[] = [];
  const wrap = (
    owner: object,
    name: string,
    cost: (self: unknown, given: unknown[], got: unknown, from: number) => number,
  ) => {
    const original = (owner as Record<string, AnyFunction>)[name]!;
    const wrapped = function (this: unknown, ...given: unknown[]) {
      const from = this instanceof RegExp && (this.global || this.sticky) ? this.lastIndex : 0;
      const got: unknown = Reflect.apply(original, this, given);
      characters += cost(this, given, got, from);
      return got;
    };
    Object.defineProperty(owner, name, { value: wrapped, configurable: true, writable: true });
    restored.push(() =>
      Object.defineProperty(owner, name, { value: original, configurable: true, writable: true }),
    );
  };
  for (const name of TEXT_METHODS) wrap(String.prototype, name, (self) => lengthOf(self));
  for (const name of TEXT_COPIES) wrap(String.prototype, name, (_self, _given, got) => lengthOf(got));
  for (const name of LIST_METHODS) wrap(Array.prototype, name, (self) => lengthOf(self));
  wrap(RegExp.prototype, 'exec', (_self, [text], got, from) => {
    // A search that fails may have read the whole text.
    if (!got) return lengthOf(text);
    const { 0: found, index } = got as RegExpExecArray;
    return found.length + index - from;
  });
  wrap(JSON, 'parse', (_self, [text]) => lengthOf(text));
  wrap(JSON, 'stringify', (_self, _given, got) => lengthOf(got));
  wrap(Buffer, 'from', (_self, [text]) => lengthOf(text));
  wrap(URLSearchParams.prototype, 'getAll', (self) => String(self).length);
  wrap(URLSearchParams.prototype, 'has', (self) => String(self).length);
  try {
    work();
  } finally {
    for (const restore of restored) restore();
  }
  return characters;
}

const lengthOf = (sized: unknown): number => {
  const { length = 0 } = (sized ?? {}) as { length?: number };
  return length;
};
