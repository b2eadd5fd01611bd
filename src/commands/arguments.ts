import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Invalid arguments. The command prints its usage and exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Parses options that require a string. @throws UsageError */
export const textOptions = <Name extends string>(names: readonly Name[], argv: readonly string[]) =>
  optionsOf(names, 'string', argv) as Partial<Record<Name, string>>;

/** Parses options without a value. @throws UsageError */
export const flags = <Name extends string>(names: readonly Name[], argv: readonly string[]) =>
  optionsOf(names, 'boolean', argv) as Partial<Record<Name, boolean>>;

function optionsOf(names: readonly string[], type: 'string' | 'boolean', argv: readonly string[]) {
  const options: ParseArgsConfig['options'] = Object.fromEntries(names.map((name) => [name, { type }]));
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Returns the only argument of a command, which is a file. @throws UsageError */
export function fileArgument(argv: readonly string[]): string {
  const [file, ...more] = argv;
  if (!file || file.startsWith('-') || more.length > 0)
    throw new UsageError(`Exactly one file is required; found ${JSON.stringify(argv)}.`);
  return file;
}

/** Returns the URL of the server in `--url`, without a final slash. @throws UsageError */
export function serverUrl(url = 'http://127.0.0.1:4000'): string {
  if (!URL.canParse(url)) throw new UsageError(`--url must be a URL; found ${JSON.stringify(url)}.`);
  return url.replace(/(?<!\/)\/+$/, '');
}

export const notEmail = (found: string | undefined) =>
  new UsageError(`--email must be an e-mail address; found ${JSON.stringify(found ?? null)}.`);

export interface Help {
  /** One line. */
  readonly usage: string;
  readonly does: string;
  /** Meaning of each option or argument. */
  readonly options?: Readonly<Record<string, string>>;
}

const helpText = ({ usage, does, options = {} }: Help): string => {
  const all = { ...options, '--help': 'shows this help' };
  const width = Math.max(...Object.keys(all).map((name) => name.length));
  const lines = Object.entries(all).map(([name, means]) => `  ${name.padEnd(width)}  ${means}`);
  return [`Usage: ${usage}`, '', does, '', ...lines].join('\n');
};

/** Runs a command. Prints its result to standard output, and errors to standard error. */
export function run(help: Help, command: () => Promise<string | undefined>): void {
  const asksForHelp = process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h');
  (asksForHelp ? Promise.resolve(helpText(help)) : command()).then(
    (result) => {
      if (result !== undefined) console.log(result);
    },
    (error: Error) => {
      console.error(error.message);
      if (error instanceof UsageError) console.error(`Usage: ${help.usage}`);
      process.exitCode = error instanceof UsageError ? 2 : 1;
    },
  );
}
