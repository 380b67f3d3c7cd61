import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** What a process of its own, whose log is `log`, prints while it runs `code`. */
async function print(level: string, code: string): Promise<readonly Record<string, unknown>[]> {
  const script = `
    import { makeLog } from './src/ops/log.ts';
    const log = makeLog('${level}', 'worker-1');
    ${code}`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  const { stdout } = await run;
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('prints JSON lines with level, time and worker, from its level on', async () => {
  const lines = await print(
    'info',
    `log.debug({}, 'no'); log.info({ room: 'r' }, 'bot started'); log.error({}, 'broken');`,
  );
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      worker: 'worker-1',
      room: 'r',
      message: 'bot started',
    },
    expect.objectContaining({ level: 'error', message: 'broken' }),
  ]);
});

it('prints nothing when it is silent', async () => {
  expect(await print('silent', `log.error({}, 'broken')`)).toEqual([]);
});

it('prints nothing that was said or that opens a door, in a line or in its objects', async () => {
  const fields = `{
    text: 'tea', transcript: 'tea', prompt: 'tea', content: 'tea', messages: ['tea'],
    heard: 'tea', original: 'tea', token: 'tea', apiKey: 'tea', secret: 'tea', authorization: 'tea' }`;
  const lines = await print('info', `log.info({ ...${fields}, error: ${fields} }, 'said');`);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ text: '[Redacted]', error: { content: '[Redacted]' } });
  expect(JSON.stringify(lines)).not.toContain('tea');
});

it('outlives a disk that is full', async () => {
  const script = `
    import { makeLog } from './src/ops/log.ts';
    const log = makeLog('info', 'worker-1');
    process.on('uncaughtException', () => process.exit(3));
    for (let line = 0; line < 1_000; line += 1) log.info({ line }, 'kept');
    process.stderr.write('went on');`;
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', full, 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
  closeSync(full);
  expect([said, code]).toEqual(['went on', 0]);
});
