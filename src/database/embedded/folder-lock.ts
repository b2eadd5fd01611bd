import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import { canonical, linkInto, readClaim, writeWhole } from './lock-files.ts';
import { describeThisProcess, type Holder, stateOf } from './lock-holder.ts';
import { listen } from './lock-socket.ts';

/**
 * An exclusive lock on a folder: the file `<folder>.lock` beside it, which names the holder. lock-holder.ts decides
 * whether the holder is alive. Node has no flock(), so the lock of a killed holder remains. Taking it over is the
 * dangerous part of such locks. One process reads a stale lock, another takes it over, and the first then removes a
 * live lock. A process therefore takes over by adding a link, never by removing one:
 *
 * - A claim is a file. It is written completely under another name and then linked into place, because link() is
 *   exclusive.
 * - The place of a free lock is `<folder>.lock`. The place of a dead holder's successor is named after the holder's
 *   token. So exactly one of the processes that saw it dead succeeds, and later starters find that successor.
 * - The process at the end of that chain holds the lock if the chain starts at `<folder>.lock`. It first renames its
 *   claim over `<folder>.lock` and then removes the links of the chain. In that order, a late starter that links itself
 *   behind a removed link finds that `<folder>.lock` no longer leads to it.
 */
export interface FolderLock {
  /** Publishes the holder's base URL for processes that find the folder in use. */
  announce(url: string): Promise<void>;
  release(): Promise<void>;
}

/** Another process has the folder open, or may have. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';

  constructor(
    readonly folder: string,
    readonly holder: Holder,
    advice: string,
    /** The holder's base URL, if it announced one. */
    readonly url: string | undefined,
  ) {
    super(`${advice} Nothing was changed.`);
  }
}

export async function lockFolder(folder: string): Promise<FolderLock> {
  const place = await canonical(folder);
  const lock = `${place}.lock`;
  const token = randomBytes(8).toString('hex');
  const claimFile = `${lock}.${token}.new`;
  // Listen before the claim becomes visible, because a claim whose socket refuses connections counts as dead.
  const server = await listen(socketOf(lock, token));
  try {
    await writeWhole(claimFile, JSON.stringify(await describeThisProcess(token, server !== undefined)));
    while (!(await claim(place, lock, token, claimFile)));
  } catch (error) {
    await stop(server, socketOf(lock, token));
    throw error;
  } finally {
    await rm(claimFile, { force: true });
  }
  return held(lock, token, server);
}

/**
 * Returns true if this process now holds the lock, false if the caller must retry. @throws FolderInUse if another
 * process holds it
 */
async function claim(folder: string, lock: string, token: string, claimFile: string): Promise<boolean> {
  const dead: Holder[] = [];
  let at = lock;
  for (let holder = await readClaim(at); holder; holder = await readClaim(at)) {
    const state = await stateOf(holder, socketOf(lock, holder.token));
    if (state !== 'dead') {
      // If the link before it was removed meanwhile, this holder is a late starter like us and holds nothing.
      if (!(await leadsTo(lock, holder.token))) return false;
      throw await refusal(folder, at, holder, state, lock);
    }
    dead.push(holder);
    at = `${lock}.${holder.token}`;
  }
  if (!(await linkInto(claimFile, at))) return false;
  if (dead.length === 0) return true;

  if (!(await leadsTo(lock, token))) {
    // A process that took over from a holder on our path may have removed that holder's link, and ours with it.
    await rm(at, { force: true });
    return false;
  }
  await rename(claimFile, lock);
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
      // Never remove another process's lock, because an operator may have deleted ours before that process started.
      if (JSON.parse(readFileSync(lock, 'utf8')).token === token) rmSync(lock);
    } catch {
      // The file is already removed.
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
/** The base URL that the holder of the folder announced, or undefined. Takes no lock. */
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
