import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { makeSqsClient } from '../src/adapters/sqs/client.ts';
import { applyEnvFile, isSecret, readConfig } from '../src/config.ts';
import type { Need } from '../src/variable.ts';
import { variables } from '../src/variables.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SECRETS = Object.keys(variables).filter(isSecret);

/** A file with this content. */
function fileOf(content: string | Uint8Array): string {
  const path = join(folder, `secret-${Math.random()}`);
  writeFileSync(path, content);
  return path;
}

/** The database alone, whose key stands in the file at `path`. */
const keyed = (path: string) => ({
  SUPABASE_URL: 'http://127.0.0.1:1',
  SUPABASE_SERVICE_ROLE_FILE: path,
});

function problemsOf(env: NodeJS.ProcessEnv, need: Need = 'database'): string {
  try {
    readConfig(env, need);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

it.each(SECRETS)('%s may stand in a file', (name) => {
  const base = { SUPABASE_URL: 'http://127.0.0.1:1', SUPABASE_SERVICE_ROLE: 'role-key' };
  const env = name === 'SUPABASE_SERVICE_ROLE' ? { SUPABASE_URL: base.SUPABASE_URL } : base;
  const path = fileOf('a-secret-of-a-file\n');
  const config: Readonly<Record<string, unknown>> = readConfig(
    { ...env, [`${name}_FILE`]: ` ${path} ` },
    'database',
  );
  expect([config[name]].flat()).toEqual(['a-secret-of-a-file']);
});

it('every variable whose name speaks of a key, a secret or a token is one', () => {
  const named = Object.keys(variables).filter((name) =>
    /KEY|SECRET|ROLE|PASSW|TOKEN(?!S)/.test(name),
  );
  expect(named.filter((name) => !/_TIMEOUT_/.test(name))).toEqual(SECRETS);
});

it.each([
  ['key', 'key'],
  ['key\n', 'key'],
  ['key\r\n', 'key'],
  [' key ', ' key '],
  ['schlüssel\n', 'schlüssel'],
])('takes %j without its one final line break', (content, secret) => {
  expect(readConfig(keyed(fileOf(content)), 'database').SUPABASE_SERVICE_ROLE).toBe(secret);
});

it.each([
  ['', 'names an empty file'],
  ['\n', 'names an empty file'],
  ['canary\n\n', 'names a file of several lines or with control characters'],
  ['canary\nsecond', 'names a file of several lines or with control characters'],
  ['canary\0', 'names a file of several lines or with control characters'],
  [new Uint8Array([0x63, 0xff]), 'names a file that is not UTF-8'],
  ['canary'.repeat(20_000), 'names a file above 64 KiB'],
])('refuses the content %j in one line, without showing it', (content, why) => {
  const path = fileOf(content);
  const told = problemsOf(keyed(path));
  expect(told).toBe(`SUPABASE_SERVICE_ROLE_FILE ${why}`);
});

it('refuses what is no file, at once', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(problemsOf(keyed(pipe))).toBe('SUPABASE_SERVICE_ROLE_FILE names no regular file');
  expect(problemsOf(keyed(folder))).toBe('SUPABASE_SERVICE_ROLE_FILE names no regular file');
  const missing = join(folder, 'missing');
  expect(problemsOf(keyed(missing))).toBe(
    'SUPABASE_SERVICE_ROLE_FILE names a file that does not exist',
  );
  const long = problemsOf(keyed(`/${'x'.repeat(5_000)}`));
  expect(long).toBe('SUPABASE_SERVICE_ROLE_FILE names a file that cannot be read');
});

it.each([
  ['OPENAI_API_KEY', {}],
  ['DEEPGRAM_API_KEY', { OPENAI_API_KEY: 'key', CARTESIA_TTS_API_KEY: 'key' }],
  ['ELEVENLABS_API_KEY', { OPENAI_API_KEY: 'key', GLADIA_STT_API_KEY: 'key' }],
])('tells of an unusable file for %s, and not besides that the key is missing', (name, others) => {
  const env = {
    SUPABASE_URL: 'http://127.0.0.1:1',
    SUPABASE_SERVICE_ROLE: 'key',
    LIVEKIT_URL: 'ws://127.0.0.1:1',
    LIVEKIT_API_KEY: 'key',
    LIVEKIT_API_SECRET: 'secret',
    AUDIO_ENABLED: name === 'OPENAI_API_KEY' ? 'false' : 'true',
    ...others,
    [`${name}_FILE`]: join(folder, 'missing'),
  };
  const told = problemsOf(env, 'room');
  expect(told).toBe(`${name}_FILE names a file that does not exist`);
});

it('refuses a file that it may not read', () => {
  const path = fileOf('key');
  chmodSync(path, 0);
  // Whoever runs the tests as root may read everything: a child of another user asks.
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  chmodSync(folder, 0o755);
  const program = `
    import { readSecretFile } from '${join(import.meta.dirname, '../src/lib/secret-file.ts')}';
    console.log(JSON.stringify(readSecretFile('${path}')));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    ...asNobody,
    cwd: '/',
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual({ problem: 'names a file that this process may not read' });
});

it('takes value and file at once for a mistake, without showing either', () => {
  const env = { ...keyed(fileOf('canary-of-the-file')), SUPABASE_SERVICE_ROLE: 'canary' };
  expect(problemsOf(env)).toBe(
    'SUPABASE_SERVICE_ROLE and SUPABASE_SERVICE_ROLE_FILE are both set: keep one of them',
  );
});

it('takes an empty NAME_FILE for none, and no file for what is no secret', () => {
  const env = { SUPABASE_URL: 'http://127.0.0.1:1', SUPABASE_SERVICE_ROLE: 'key' };
  const more = { SUPABASE_SERVICE_ROLE_FILE: ' ', LLM_MODEL_FILE: fileOf('a/model') };
  expect(readConfig({ ...env, ...more }, 'database')).toEqual(readConfig(env, 'database'));
});

it('lets a file of the real environment win over a value in .env, and the other way round', () => {
  const env: NodeJS.ProcessEnv = { OPENAI_API_KEY_FILE: '/real', DEEPGRAM_API_KEY: 'real' };
  applyEnvFile(
    env,
    'OPENAI_API_KEY=a\nDEEPGRAM_API_KEY_FILE=/b\nLLM2_API_KEY=c\nLLM2_API_KEY_FILE=/d',
  );
  expect(env).toEqual({
    OPENAI_API_KEY_FILE: '/real',
    DEEPGRAM_API_KEY: 'real',
    // Both in one file is a mistake that is told.
    LLM2_API_KEY: 'c',
    LLM2_API_KEY_FILE: '/d',
  });
});

it('AWS keys may stand in the file that the SDK reads', async () => {
  const path = fileOf('[default]\naws_access_key_id = id\naws_secret_access_key = of-the-file\n');
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', path);
  const client = makeSqsClient({ queueUrl: 'http://127.0.0.1:1/q.fifo', region: 'us-east-1' });
  expect(await client.config.credentials()).toMatchObject({ secretAccessKey: 'of-the-file' });
  client.destroy();
  vi.unstubAllEnvs();
});
