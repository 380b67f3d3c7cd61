import { expect, it, onTestFinished } from 'vitest';
import { startChild } from '../../dev/process/child.ts';
import { eventually } from '../support/eventually.ts';

/** The bit of CAP_SYS_NICE among the capabilities (capabilities(7)). */
const SYS_NICE = 1n << 23n;

it.runIf(process.platform === 'linux')(
  'what we start has no right to real time, whoever we are (told by /proc, which Linux alone has)',
  async () => {
    const child = await startChild({
      name: 'a reader of its own rights',
      command: '/bin/cat',
      args: ['/proc/self/status'],
    });
    onTestFinished(() => child.end());
    const rights = await eventually(
      'its rights',
      async () => /^CapEff:\s*(\w+)$/m.exec(child.output())?.[1],
    );
    expect(BigInt(`0x${rights}`) & SYS_NICE).toBe(0n);
  },
);
