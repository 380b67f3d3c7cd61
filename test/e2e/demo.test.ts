import { expect, it, vi } from 'vitest';
import type { CharacterList } from '../../src/gateway/api.ts';
import { startDemo } from '../support/demo-process.ts';
import { processesOf } from '../support/processes.ts';

vi.setConfig({ testTimeout: 90_000 });

it('--once shows joining, talk, good-bye and memory, leaves nothing behind, and works again', async () => {
  for (const _run of ['first', 'second']) {
    const demo = startDemo(['--once']);
    const code = await demo.exitCode();
    expect(demo.printed()).toMatch(TALK);
    expect(code).toBe(0);
    expect(processesOf(demo.owner)).toEqual([]);
  }
});

it('serves a page, and lets one type to the character, until Ctrl-D', async () => {
  const demo = startDemo([]);
  await demo.prints(/type to Mira/);
  const [, page = ''] = /talk with Mira on (\S+)/.exec(demo.printed()) ?? [];
  expect(await (await fetch(page)).text()).toContain('<title>Troupe</title>');
  const { characters } = (await (await fetch(`${page}v1/characters`)).json()) as CharacterList;
  expect(characters.map(({ name }) => name)).toEqual(['Mira', 'Rex']);
  expect(processesOf(demo.owner).length).toBeGreaterThan(3);
  demo.type('What is my name?\n');
  await demo.prints(/type to Mira[^]*Mira \| Your name is Ada\./);
  demo.endInput();
  expect(await demo.exitCode()).toBe(0);
  expect(processesOf(demo.owner)).toEqual([]);
});

it('leaves nothing running on Ctrl-C, whenever it comes', async () => {
  for (const moment of [/starting LiveKit/, /type to Mira/]) {
    const demo = startDemo([]);
    await demo.prints(moment);
    demo.pressCtrlC();
    await demo.exitCode();
    expect(processesOf(demo.owner)).toEqual([]);
  }
});

/** What the demo shows, in this order. */
const TALK = new RegExp(
  [
    'worker \\| ready',
    '"roomName": "demo"',
    'Mira \\| Mira has joined the chat!',
    'Ada \\| What is my name\\?',
    'Mira \\| Your name is Ada\\.',
    'User idle - Disconnecting',
    'Mira: left',
    'memory \\| as read back from the database',
    'user: Hello! My name is Ada\\.',
    'assistant: Your name is Ada\\.',
  ].join('[^]*'),
);
