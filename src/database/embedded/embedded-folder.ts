import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type Init = Parameters<NodeFS['init']>;

/** Emscripten's operations on files, as far as they set a mode. */
interface ModeSetters {
  setattr(node: unknown, attributes: { readonly mode?: number }): void;
  mknod(parent: unknown, name: string, mode: number, device: number): unknown;
}

const OTHERS = 0o077;

/** The embedded PostgreSQL asks for mode 0666 and sets it past the umask. Here it gets what remains for the owner. */
class PrivateFolder extends NodeFS {
  override async init(pglite: Init[0], options: Init[1]) {
    const { emscriptenOpts } = await super.init(pglite, options);
    const forOwnerOnly = ({ NODEFS }: { NODEFS: object }) => {
      const { node_ops: operations } = NODEFS as { node_ops: ModeSetters };
      const { setattr, mknod } = operations;
      operations.setattr = (node, attributes) => {
        const { mode } = attributes;
        setattr(node, mode === undefined ? attributes : { ...attributes, mode: mode & ~OTHERS });
      };
      operations.mknod = (parent, name, mode, device) => mknod(parent, name, mode & ~OTHERS, device);
    };
    return {
      emscriptenOpts: { ...emscriptenOpts, preRun: [forOwnerOnly, ...(emscriptenOpts.preRun ?? [])] },
    };
  }
}

/** Opens or creates the database in a folder, under its lock. Files that it creates are its owner's alone. */
export const openPglite = (folder: string): Promise<PGlite> =>
  PGlite.create({ fs: new PrivateFolder(folder) });

/** A folder for a new database, which nobody else can look into from the first moment. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  // A default ACL of the parent folder would widen it.
  await chmod(folder, 0o700);
}

/** Takes others' permissions away. The folder comes first: its files are then out of reach. */
export async function makePrivate(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await entriesOf(folder)) await chmod(entry.path, entry.isFolder ? 0o700 : 0o600);
}

/** Files and folders below a folder; symbolic links are left out. */
export async function entriesOf(folder: string): Promise<{ path: string; isFolder: boolean }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), isFolder: entry.isDirectory() }));
}
