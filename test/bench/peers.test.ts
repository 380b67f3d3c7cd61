import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readTold, startBotProcess } from '../../bench/peers/bot-process.ts';
import { installPeer } from '../../bench/peers/install.ts';
import type { Recipe } from '../../bench/peers/install.ts';
import { familyOf, readTreeUsage } from '../../bench/peers/process-tree.ts';
import { isSettled } from '../../bench/peers/room-cost.ts';
import { sideBySide } from '../../bench/peers/table.ts';
import { talkFigures } from '../../bench/peers/talk-figures.ts';
import { peerVersions, pinsOf } from '../../bench/peers/versions.ts';

describe('a family of processes', () => {
  const parents = new Map([
    [1, 0],
    [5, 4],
    [4, 3],
    [3, 1],
    [9, 1],
  ]);

  it('is those that were started and all that they started, whatever the order', () => {
    expect(familyOf([3, 9], parents)).toEqual(new Set([3, 4, 5, 9]));
  });

  it('leaves out whoever is gone', () => {
    expect([...familyOf([7], parents)]).toEqual([]);
  });

  it('is counted with what its children use', async () => {
    await using parent = startNode(
      `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
       ${TELL_READY}`,
    );
    await parent.told('ready', 'r');
    const { processes, pssMb } = readTreeUsage([parent.pid]);
    expect(processes).toBe(2);
    expect(pssMb).toBeGreaterThan(1);
  });
});

describe('a peer’s process', () => {
  it('ends with all that it has started', async () => {
    const parent = startNode(
      `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
       console.log(JSON.stringify({ what: 'ready', room: String(child.pid) }));
       setInterval(() => {}, 1e6);`,
    );
    const child = await childOf(parent.pid);
    await parent[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(isRunning(child)).toBe(false), { timeout: 5_000 });
  });

  it('that ends before it is ready is shown with its last words', async () => {
    await using bot = startNode(`console.error('no such model'); process.exit(3)`);
    await expect(bot.told('ready', 'r')).rejects.toThrow('no such model');
  });

  it('may print what else it likes', () => {
    expect(readTold('{"what":"ready","room":"r"}')).toEqual({ what: 'ready', room: 'r' });
    const others = [
      'listening',
      '{"level":30}',
      'null',
      '{"what":"ready"}',
      '{"what":"x","room":"r"}',
    ];
    expect(others.map(readTold)).toEqual(others.map(() => undefined));
  });
});

describe('the installation of a peer', () => {
  let cache = '';

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'peers-'));
    vi.stubEnv('XDG_CACHE_HOME', cache);
    vi.spyOn(console, 'error').mockReturnValue(undefined);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await rm(cache, { recursive: true });
  });

  it('is done once, with the pins and the program beside it', async () => {
    const recipe = recipeOf(['sh', '-c', 'cat requirements.txt > copied; echo once >> ../ran']);
    const folder = await installPeer(recipe);
    expect(await installPeer(recipe)).toBe(folder);
    expect(await readFile(join(folder, '../ran'), 'utf8')).toBe('once\n');
    expect(await readFile(join(folder, 'copied'), 'utf8')).toContain('pipecat-ai==');
    expect(existsSync(join(folder, 'bot.py'))).toBe(true);
    expect(folder.startsWith(join(cache, 'troupe', 'peers', 'some-peer-'))).toBe(true);
  });

  it('says what failed and what to do, and begins anew the next time', async () => {
    const recipe = recipeOf([
      'sh',
      '-c',
      'test ! -e half-done; touch half-done; echo no route >&2; exit 7',
    ]);
    const failed = /some-peer cannot be installed: sh: it ended with 7\. Buy one\.\nno route/;
    await expect(installPeer(recipe)).rejects.toThrow(failed);
    await expect(installPeer(recipe)).rejects.toThrow(failed);
  });

  it('says so where a program is missing', async () => {
    const recipe = recipeOf(['no-such-program']);
    await expect(installPeer(recipe)).rejects.toThrow(/ENOENT.*Buy one/s);
  });
});

describe('the use of a contender', () => {
  const look = (pssMb: number, processes = 2) => ({ pssMb, processes, cpuMs: 0 });

  it('is settled when eight looks tell the same', () => {
    const same = [100, 100.5, 100.2, 100.9, 100.1, 100.3, 100.7].map((mb) => look(mb));
    expect(isSettled([look(50), look(100), ...same])).toBe(true);
    expect(isSettled(same)).toBe(false);
    expect(isSettled([...same, look(102)])).toBe(false);
    expect(isSettled([...same, look(100, 3)])).toBe(false);
  });
});

describe('the figures of a talk', () => {
  it('tell of those that were answered, and of those that were not', () => {
    const answers = [
      { beganMs: 700, endedMs: 800 },
      undefined,
      { beganMs: -20, endedMs: 30 },
      { beganMs: 900, endedMs: 950 },
    ];
    expect(talkFigures(answers)).toEqual({
      questions: 4,
      unanswered: 1,
      answeredTooEarly: 1,
      beganP50Ms: 700,
      beganP95Ms: 900,
      endedP50Ms: 800,
      endedP95Ms: 950,
    });
  });
});

describe('what the bench prints', () => {
  it('stands side by side', () => {
    const rows = [
      { title: 'MB a room', values: { us: 1.5, them: 83 } },
      { title: 'core', values: { us: 0.001 } },
    ];
    expect(sideBySide(['us', 'them'], rows).split('\n')).toEqual([
      '              us  them',
      'MB a room    1.5    83',
      'core       0.001     -',
    ]);
  });

  it('names the versions that are pinned', () => {
    expect(
      pinsOf('# Pins\naiohttp==3.14.5\nlivekit==1.2.1\nlivekit-api==1.2.2\n', ['livekit']),
    ).toEqual({ livekit: '1.2.1' });
    expect(Object.keys(peerVersions())).toEqual(
      expect.arrayContaining(['@livekit/agents', '@livekit/rtc-node', 'pipecat-ai']),
    );
  });
});

const TELL_READY = `console.log(JSON.stringify({ what: 'ready', room: 'r' })); setInterval(() => {}, 1e6);`;

function startNode(script: string) {
  return startBotProcess({ command: process.execPath, args: ['-e', script] }, {});
}

async function childOf(pid: number): Promise<number> {
  return await vi.waitFor(
    async () => {
      const [child] = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ');
      expect(child).toMatch(/\d/);
      return Number(child);
    },
    { timeout: 10_000 },
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function recipeOf(step: readonly [string, ...string[]]): Recipe {
  return {
    name: 'some-peer',
    pins: ['pipecat/requirements.txt'],
    program: ['pipecat/bot.py'],
    platform: 'this',
    steps: [step],
    remedy: 'Buy one.',
  };
}
