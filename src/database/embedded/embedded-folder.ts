import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type Init = Parameters<NodeFS['init']>;

/** Emscripten's file operations that set a mode. */
interface ModeSetters {
  setattr(node: unknown, attributes: { readonly mode?: number }): void;
  mknod(parent: unknown, name: string, mode: number, device: number): unknown;
}

const OTHERS = 0o077;

/**
 * Removes the permissions of other users, because the embedded PostgreSQL asks for mode 0666 and sets it regardless of the
 * umask.
 */
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

/**
 * Opens or creates the database in a folder whose lock the caller holds. Only the owner can read the files that it
 * creates.
 */
export const openPglite = (folder: string): Promise<PGlite> =>
  PGlite.create({ fs: new PrivateFolder(folder) });

/** Creates a folder for a new database. Other users can't read it at any moment. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  // A default ACL of the parent folder would add permissions.
  await chmod(folder, 0o700);
}

/** Removes the permissions of other users. The folder is first, because its files are then unreachable. */
export async function makePrivate(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await entriesOf(folder)) await chmod(entry.path, entry.isFolder ? 0o700 : 0o600);
}

/** Files and folders below a folder, without symbolic links. */
export async function entriesOf(folder: string): Promise<{ path: string; isFolder: boolean }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), isFolder: entry.isDirectory() }));
}
