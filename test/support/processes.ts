import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { OWNER_VARIABLE } from '../../dev/process/run-folder.ts';

/** The running processes that are marked as the run `owner`'s. */
export function processesOf(owner: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) =>
      read(`/proc/${pid}/environ`).split('\0').includes(`${OWNER_VARIABLE}=${owner}`),
    )
    .map(Number);
}

/** IPv4 addresses, in dots, on which a process waits for TCP connections or UDP packets. */
export function listensOn(pid: number): readonly string[] {
  const inodes = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => inodeOf(pid, fd)));
  const sockets = ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
    read(`/proc/${pid}/net/${table}`).trim().split('\n').slice(1),
  );
  return sockets.flatMap((line) => {
    const [, local = '', , state = '', , , , , , inode] = line.trim().split(/\s+/);
    return LISTENING.includes(state) && inodes.has(inode) ? [addressOf(local)] : [];
  });
}

/** TCP_LISTEN, and what an unconnected UDP socket shows (include/net/tcp_states.h). */
const LISTENING = ['0A', '07'];

function inodeOf(pid: number, fd: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
  } catch {
    return undefined;
  }
}

/** `0100007F:1F90` stands for 127.0.0.1; IPv6 is left in hex. */
function addressOf(local: string): string {
  const [hex = ''] = local.split(':');
  return hex.length > 8 ? hex : [...Buffer.from(hex, 'hex')].toReversed().join('.');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
