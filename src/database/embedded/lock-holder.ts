import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { probe } from './lock-socket.ts';

/** The holder of a lock, described so that a later process can decide whether it is still alive. */
export interface Holder {
  /** Unique name of this claim. */
  readonly token: string;
  readonly pid: number;
  /** Distinguishes a process from a later one with the same pid. Null if the system does not report it. */
  readonly startTime: string | null;
  /** Distinguishes this boot of the machine from earlier ones. Null if the system does not report it. */
  readonly bootId: string | null;
  /** A pid is unique only within its namespace, because every container has a pid 1. */
  readonly pidNamespace: string | null;
  readonly hostname: string;
  /** Whether the holder listens on the socket beside the lock. False if the file system has no sockets. */
  readonly listens: boolean;
  readonly since: string;
}

export async function describeThisProcess(token: string, listens: boolean): Promise<Holder> {
  return {
    token,
    pid: process.pid,
    startTime: (await lookAt(process.pid)).startTime,
    bootId: await bootId(),
    pidNamespace: await readlink('/proc/self/ns/pid').catch(() => null),
    hostname: hostname(),
    listens,
    since: new Date().toISOString(),
  };
}

/**
 * Returns `dead` only if that is certain.
 *
 * In our own pid namespace the pid and its start time decide. Otherwise the socket decides: a connection succeeds
 * exactly while the holder is alive. That holds for a busy holder and across containers, because the kernel answers.
 * But the kernel can't answer for a file system that another machine may have mounted too.
 */
export async function stateOf(holder: Holder, socket: string): Promise<'alive' | 'dead' | 'unknown'> {
  const we = await describeThisProcess('', false);
  const sameBoot = holder.bootId === we.bootId && (we.bootId !== null || holder.hostname === we.hostname);
  if (sameBoot && holder.pidNamespace === we.pidNamespace) return stateOfProcess(holder);

  const answer = holder.listens ? await probe(socket) : 'none';
  if (answer === 'answered') return 'alive';
  const reach = await reachOf(socket);
  if (sameBoot) return answer === 'refused' && reach !== 'network' ? 'dead' : 'unknown';
  if (reach === 'unsaid') return holder.hostname === we.hostname ? 'dead' : 'unknown';
  return reach === 'machine' ? 'dead' : 'unknown';
}

async function stateOfProcess({ pid, startTime }: Holder): Promise<'alive' | 'dead'> {
  const now = await lookAt(pid);
  if (now.zombie) return 'dead';
  if (startTime !== null && now.startTime !== null && startTime !== now.startTime) return 'dead';
  try {
    // Signal last, so a process that ended during the checks counts as dead.
    process.kill(pid, 0);
  } catch (error) {
    // EPERM means that the process exists and belongs to another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'dead';
  }
  return 'alive';
}

/**
 * A zombie has ended, and only waits for its parent to collect it. A process with threads left is not dead, because one
 * of them may be inside a system call and still rename its claim into place.
 */
async function lookAt(pid: number): Promise<{ startTime: string | null; zombie: boolean }> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses. It may contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ended = fields[0] === 'Z' || fields[0] === 'X';
    const zombie = ended && (await readdir(`/proc/${pid}/task`)).length <= 1;
    return { startTime: fields[22 - 3] ?? null, zombie };
  } catch {
    return { startTime: await printed('ps', '-o', 'lstart=', '-p', String(pid)), zombie: false };
  }
}

async function bootId(): Promise<string | null> {
  const linux = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null);
  return linux?.trim() ?? (await printed('sysctl', '-n', 'kern.bootsessionuuid'));
}

async function printed(command: string, ...args: string[]): Promise<string | null> {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const run = promisify(execFile)(command, args, { env, timeout: 5_000 });
  return run.then(
    ({ stdout }) => stdout.trim() || null,
    () => null,
  );
}

/** ext, xfs, btrfs, tmpfs, overlay, zfs, f2fs, bcachefs, ramfs: no second machine can have them mounted. */
const ofOneMachine = [
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0x2fc12fc1, 0xf2f52010, 0xca451a4e, 0x858458f6,
];
/** nfs, smb, cifs, smb2, 9p, ceph, afs, lustre, gpfs, ocfs2, gfs2: a socket on them may answer on one mount only. */
const ofManyMachines = [
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x00c36400, 0x5346414f, 0x0bd00bd0, 0x47504653,
  0x7461636f, 0x01161970,
];

/** `unsaid`: not Linux, which defines these numbers. `other`: FUSE and all types that are not listed. */
async function reachOf(file: string): Promise<'machine' | 'network' | 'other' | 'unsaid'> {
  if (process.platform !== 'linux') return 'unsaid';
  const { type } = await statfs(dirname(file));
  if (ofOneMachine.includes(type)) return 'machine';
  return ofManyMachines.includes(type) ? 'network' : 'other';
}
