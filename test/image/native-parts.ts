import { glob, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch } from './plain-build.ts';

/** The machines for which the libraries and addons under `folder` were made. */
export async function nativeParts(folder: string): Promise<ReadonlySet<Arch | 'other'>> {
  const machines = new Set<Arch | 'other'>();
  for await (const file of glob('**/*.{node,so,so.*,dylib,dll}', { cwd: folder })) {
    machines.add(await machineOf(join(folder, file)));
  }
  return machines;
}

/** `e_machine` of the ELF header. */
const MACHINES: Readonly<Record<number, Arch>> = { 0x3e: 'amd64', 0xb7: 'arm64' };

async function machineOf(file: string): Promise<Arch | 'other'> {
  await using handle = await open(file);
  const header = Buffer.alloc(20);
  await handle.read(header, 0, header.length, 0);
  const isElf = header.subarray(0, 4).toString('latin1') === '\x7fELF';
  return (isElf ? MACHINES[header.readUInt16LE(18)] : undefined) ?? 'other';
}
