import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { checkServices } from '../../src/app/check.ts';
import type { Checked } from '../../src/app/check.ts';
import { readConfig } from '../../src/config.ts';
import { startWorkerProcess } from '../../dev/worker-process.ts';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import { ask } from '../support/talk.ts';

const fleet = useFleet();
let worker: FleetWorker;

beforeAll(async () => {
  worker = await fleet().openWorker();
});

describe('npx troupe', () => {
  it('enqueue ROOM asks for a bot, of the session and character that are named', async () => {
    const room = await fleet().openRoom('asked');
    await fleet().stack.database.sql(
      `insert into characters (id, name, description) values ('rex', 'Rex', 'You are Rex.')`,
    );
    const named = ['--session', `talk of ${room.name}`, '--character', 'rex'];
    const { stdout } = await promisify(execFile)(
      'npx',
      ['troupe', 'enqueue', room.name, ...named],
      { env: { ...process.env, ...fleet().stack.env } },
    );
    expect(stdout).toContain(`asked for a bot in room ${room.name}`);
    await using ada = await room.enter();
    await ada.heard(/^Rex has joined the chat!$/);
    expect(await room.lease()).toMatchObject({ session: `talk of ${room.name}` });
  });

  it.each([
    ['an empty room', [''], 'roomName: is empty'],
    ['a mode that is none', ['lobby', '--mode', 'dance'], 'mode: '],
  ])('enqueue sends nothing that no worker takes: %s', async (_what, args, reason) => {
    const { code, output } = await fleet().run(['enqueue', ...args]);
    expect(code).toBe(1);
    expect(output).toContain(`no worker would take it: ${reason}`);
    expect(output.trim().split('\n')).toHaveLength(1);
  });

  it('with ROOM_ID serves that room without a queue, and ends when the bot has left', async () => {
    const room = await fleet().openRoom('alone');
    const { SQS_QUEUE_URL: _queue, ...env } = fleet().stack.env;
    await using bot = startWorkerProcess(
      { ...env, ROOM_ID: room.name, DEPARTURE_GRACE_MS: '300', AUDIO_ENABLED: 'True' },
      [],
      () => undefined,
    );
    {
      await using ada = await room.enter();
      await ada.heard(/^Mira has joined the chat!$/, 20_000);
      await ask(ada, 'My name is Ada.', /you say "My name is Ada"/);
    }
    expect(await bot.exited).toBe(0);
    // It spoke the answer.
    expect(bot.log.filter(({ event }) => event === 'reply-timed')).toHaveLength(1);
    expect(await room.lease()).toMatchObject({ status: 'left' });
    expect(await room.memory()).toHaveLength(2);
  });

  it('end SESSION lets the live bot leave, and no later start brings it back', async () => {
    const room = await fleet().openRoom('ended');
    await room.call();
    await using ada = await room.enter();
    await ada.heard(/^Mira has joined the chat!$/);
    expect(await fleet().run(['end', room.name])).toMatchObject({ code: 0 });
    await ada.misses(room.bot);
    await room.call();
    await worker.logged('activation-settled', 10_000, ({ how }) => how === 'ended');
    expect(await room.lease()).toMatchObject({ status: 'ended' });
    expect(ada.lines.filter(({ text }) => text.includes('has joined'))).toHaveLength(1);
  });

  it('says how it is used when it is not', async () => {
    expect(await fleet().run(['dance'])).toMatchObject({
      code: 2,
      output: expect.stringContaining('usage: troupe [command]'),
    });
  });
});

describe('npx troupe check', () => {
  it('finds all services right', async () => {
    const { code, output } = await fleet().run(['check']);
    expect(output.split('\n').map((line) => line.split(/ +/))).toEqual(
      SERVICES.map((service) => [service, 'ok']),
    );
    expect(code).toBe(0);
  });

  it('says which services do not answer', async () => {
    const nobody = 'http://127.0.0.1:9';
    const { code, output } = await fleet().run(['check'], {
      SQS_ENDPOINT: nobody,
      SUPABASE_URL: nobody,
      LIVEKIT_URL: nobody,
      LLM_BASE_URL: nobody,
      GLADIA_URL: nobody,
      DEEPGRAM_URL: nobody,
      CARTESIA_URL: nobody,
      ELEVENLABS_URL: 'ws://127.0.0.1:9',
    });
    expect(output).not.toMatch(/ ok$/m);
    expect(output.match(/^\S+ +error: /gm)).toHaveLength(SERVICES.length);
    expect(code).toBe(1);
  });

  it('warns, and ends well, where talks are neither lost nor doubled', async () => {
    const { queueUrl, deadLetterUrl } = await fleet().stack.queue.createQueue(randomUUID());
    const client = new SQSClient({
      endpoint: fleet().stack.queue.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: fleet().stack.queue.accessKeyId, secretAccessKey: 'secret' },
    });
    onTestFinished(() => client.destroy());
    const Attributes = { ContentBasedDeduplication: 'true' };
    await client.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes }));
    const { code, output } = await fleet().run(['check'], {
      SQS_QUEUE_URL: queueUrl,
      SQS_DLQ_URL: deadLetterUrl,
    });
    expect(output).toMatch(/^queue +warning: content-based deduplication is on; .+\n +aws sqs /m);
    expect(output).not.toContain('error');
    expect(code).toBe(0);
  });

  it.each([
    ['queue', { AWS_ACCESS_KEY_ID: 'AKIAWRONG' }, 'check the AWS keys or role'],
    ['database', { SUPABASE_SERVICE_ROLE: 'no key at all' }, 'SUPABASE_SERVICE_ROLE'],
    ['livekit', { LIVEKIT_API_SECRET: 'a-wrong-secret-of-32-characters!' }, 'LIVEKIT_API_SECRET'],
    ['llm', { OPENROUTER_API_KEY: 'sk-wrong' }, 'OPENROUTER_API_KEY'],
    ['gladia', { GLADIA_STT_API_KEY: 'wrong' }, 'GLADIA_STT_API_KEY'],
    ['deepgram', { DEEPGRAM_API_KEY: 'wrong' }, 'DEEPGRAM_API_KEY'],
    ['cartesia', { CARTESIA_TTS_API_KEY: 'wrong' }, 'CARTESIA_TTS_API_KEY'],
    ['elevenlabs', { ELEVENLABS_API_KEY: 'wrong' }, 'ELEVENLABS_API_KEY'],
  ])('says that the %s is wrong alone, and what to look at', async (service, wrong, hint) => {
    const checked = await checkWith(wrong);
    expect(checked.map((one) => one.service)).toEqual(SERVICES);
    expect(checked.filter(({ findings }) => findings.length > 0)).toEqual([
      { service, findings: [{ severity: 'error', what: expect.stringContaining(hint) }] },
    ]);
  });

  it('asks no provider of voices that has no key', async () => {
    const checked = await checkWith({
      GLADIA_STT_API_KEY: '',
      DEEPGRAM_API_KEY: '',
      CARTESIA_TTS_API_KEY: '',
      ELEVENLABS_API_KEY: '',
    });
    expect(checked.map(({ service }) => service)).toEqual(SERVICES.slice(0, 4));
  });

  it('tries the second model too, and says which variables are its own', async () => {
    const { url, apiKey } = fleet().stack.llm;
    const second = { LLM2_BASE_URL: url, LLM2_MODEL: 'gpt-5-mini' };
    const right = await checkWith({ ...second, LLM2_API_KEY: apiKey });
    expect(right.find(({ service }) => service === 'llm-2')).toEqual({
      service: 'llm-2',
      findings: [],
    });
    const wrong = await checkWith({ ...second, LLM2_API_KEY: 'sk-wrong' });
    expect(wrong.filter(({ findings }) => findings.length > 0)).toMatchObject([
      { service: 'llm-2', findings: [{ why: expect.stringContaining('LLM2_API_KEY') }] },
    ]);
  });
});

const SERVICES = [
  'queue',
  'database',
  'livekit',
  'llm',
  'gladia',
  'deepgram',
  'cartesia',
  'elevenlabs',
];

async function checkWith(changes: Readonly<Record<string, string>>): Promise<readonly Checked[]> {
  onTestFinished(() => void vi.unstubAllEnvs());
  // The queue's SDK reads its credentials from the environment.
  for (const [name, value] of Object.entries({ ...fleet().stack.env, ...changes })) {
    vi.stubEnv(name, value);
  }
  return await checkServices(readConfig(process.env, 'queue'), new AbortController().signal);
}
