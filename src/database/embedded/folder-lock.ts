import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import { canonical, linkInto, readClaim, writeWhole } from './lock-files.ts';
import { describeThisProcess, type Holder, stateOf } from './lock-holder.ts';
import { listen } from './lock-socket.ts';

/**
 * An exclusive lock on a folder: the file `<folder>.lock` beside it, which says who holds it (lock-holder.ts
 * says how its life is judged). Node has no flock(), so nothing of this goes away by itself when the holder
 * is killed, and taking over is where such locks break: one process reads a stale lock, another takes it over,
 * and the first then removes what is by now a living one. Removing is therefore never part of taking over:
 *
 * - A claim is a file, written whole under another name and then linked into place; link() is exclusive.
 * - The place of a free lock is `<folder>.lock`. The place of the successor of a dead holder is named after
 *   that holder's token, so of all who saw it dead exactly one succeeds, and the next in line are told of it.
 * - Whoever stands at the end of that chain and is reached from `<folder>.lock` holds the lock. It then renames
 *   its claim over `<folder>.lock` before it removes the links of the chain; in that order, since a late
 *   starter that links itself behind a removed link finds that `<folder>.lock` no longer leads to it.
 */
export interface FolderLock {
  /** Tells whoever finds the folder in use where its holder can be asked instead. */
  announce(url: string): Promise<void>;
  release(): Promise<void>;
}

/** Somebody else has the folder open, or may have. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';

  constructor(
    readonly folder: string,
    readonly holder: Holder,
    advice: string,
    /** The base URL at which the holder can be asked, if it said so. */
    readonly url: string | undefined,
  ) {
    super(`${advice} Nothing was changed.`);
  }
}

export async function lockFolder(folder: string): Promise<FolderLock> {
  const place = await canonical(folder);
  const lock = `${place}.lock`;
  const token = randomBytes(8).toString('hex');
  const mine = `${lock}.${token}.new`;
  // Listening comes before the claim can be seen: a claim whose socket refuses is a dead one.
  const server = await listen(socketOf(lock, token));
  try {
    await writeWhole(mine, JSON.stringify(await describeThisProcess(token, server !== undefined)));
    while (!(await claim(place, lock, token, mine)));
  } catch (error) {
    await stop(server, socketOf(lock, token));
    throw error;
  } finally {
    await rm(mine, { force: true });
  }
  return held(lock, token, server);
}

/** Whether the lock is ours now; false to look again. Throws when it is somebody else's. */
async function claim(folder: string, lock: string, token: string, mine: string): Promise<boolean> {
  const dead: Holder[] = [];
  let at = lock;
  for (let holder = await readClaim(at); holder; holder = await readClaim(at)) {
    const state = await stateOf(holder, socketOf(lock, holder.token));
    if (state !== 'dead') {
      // Behind a link that was removed meanwhile it is a starter as late as we are, and holds nothing.
      if (!(await leadsTo(lock, holder.token))) return false;
      throw await refusal(folder, at, holder, state, lock);
    }
    dead.push(holder);
    at = `${lock}.${holder.token}`;
  }
  if (!(await linkInto(mine, at))) return false;
  if (dead.length === 0) return true;

  if (!(await leadsTo(lock, token))) {
    // Whoever took over from a holder on our way may have removed it as one of the links behind it.
    await rm(at, { force: true });
    return false;
  }
  await rename(mine, lock);
  for (const { token: passed } of dead) {
    await rm(`${lock}.${passed}`, { force: true });
    await rm(socketOf(lock, passed), { force: true });
    await rm(urlOf(lock, passed), { force: true });
  }
  return true;
}

async function leadsTo(lock: string, token: string): Promise<boolean> {
  let at = lock;
  for (let holder = await readClaim(at); holder; holder = await readClaim(at)) {
    if (holder.token === token) return true;
    at = `${lock}.${holder.token}`;
  }
  return false;
}

function held(lock: string, token: string, server: Server | undefined): FolderLock {
  const remove = () => {
    try {
      // Never anybody else's: an operator may have deleted ours, and another process started.
      if (JSON.parse(readFileSync(lock, 'utf8')).token === token) rmSync(lock);
    } catch {
      // Gone already.
    }
    rmSync(socketOf(lock, token), { force: true });
    rmSync(urlOf(lock, token), { force: true });
  };
  process.once('exit', remove);
  return {
    announce: (url) => writeFile(urlOf(lock, token), url),
    release: async () => {
      process.off('exit', remove);
      remove();
      await stop(server, socketOf(lock, token));
    },
  };
}

async function stop(server: Server | undefined, socket: string): Promise<void> {
  if (server) await new Promise((resolve) => server.close(resolve));
  await rm(socket, { force: true });
}

const socketOf = (lock: string, token: string) => `${lock}.${token}.sock`;
/** The base URL of the server that says it has the folder open; undefined where none says so. Locks nothing. */
export async function urlOfHolder(folder: string): Promise<string | undefined> {
  const lock = `${await canonical(folder)}.lock`;
  const holder = await readClaim(lock);
  return holder && readFile(urlOf(lock, holder.token), 'utf8').catch(() => undefined);
}

const urlOf = (lock: string, token: string) => `${lock}.${token}.url`;

async function refusal(
  folder: string,
  file: string,
  holder: Holder,
  state: 'alive' | 'unknown',
  lock: string,
): Promise<FolderInUse> {
  const { pid, hostname, since } = holder;
  const who = `process ${pid} on "${hostname}" since ${since}`;
  const advice =
    state === 'alive'
      ? `The database ${folder} is in use by ${who}; only one process at a time may open it.`
      : `The database ${folder} was opened by ${who}, and it is unknown whether that process still runs. ` +
        `If you are sure that it does not run, delete ${file} and start again.`;
  const url = await readFile(urlOf(lock, holder.token), 'utf8').catch(() => undefined);
  return new FolderInUse(folder, holder, advice, url);
}
