// Builds the console into dist/console, or writes the types of its documents (`types`). Does nothing if the sources are
// those of the last time. A plain script, because the build of the server runs it before anything is compiled.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const console_ = fileURLToPath(new URL('.', import.meta.url));
const root = join(console_, '../..');

/** One hash of the names and contents of all sources, and of the named files of the repository. */
async function hashOf(...others) {
  const entries = await readdir(console_, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(console_, file).startsWith('generated'))
    .sort();
  const hash = createHash('sha256');
  for (const file of [...files, ...others.map((name) => join(root, name))])
    hash.update(`${relative(root, file)}\0`).update(await readFile(file));
  return hash.digest('hex');
}

/** Runs the work unless its stamp has the hash of the present sources. */
async function unlessUnchanged(stamp, hash, work) {
  const last = await readFile(stamp, 'utf8').catch(() => undefined);
  if (last === hash) return;
  await work();
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, hash);
}

if (process.argv[2] === 'types') {
  const hash = await hashOf('schema.graphql', 'package-lock.json');
  await unlessUnchanged(join(console_, 'generated/.hash'), hash, async () => {
    console.log('Generating the types of the console from schema.graphql …');
    const { generate } = await import('@graphql-codegen/cli');
    const config = JSON.parse(await readFile(join(console_, 'codegen.json'), 'utf8'));
    await generate({ ...config, cwd: root, silent: true, errorsOnly: true }, true);
  });
} else {
  const hash = await hashOf('package-lock.json');
  await unlessUnchanged(join(root, 'dist/console.hash'), hash, async () => {
    console.log('Building the console into dist/console/ …');
    // jest sets another value, with which Vite would build for development.
    process.env.NODE_ENV = 'production';
    const { build } = await import('vite');
    await build({ configFile: join(console_, 'vite.config.js'), logLevel: 'error' });
  });
}
