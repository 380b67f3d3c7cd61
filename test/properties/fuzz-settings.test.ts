import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { applyEnvFile, ConfigError, isSecret, readConfig } from '../../src/config.ts';
import { readSecretFile } from '../../src/lib/secret-file.ts';
import { variables } from '../../src/variables.ts';
import type { Need } from '../../src/variable.ts';
import { hostileText } from './hostile.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Long enough to be found wherever it comes out. */
const CANARY = 'canary-0123456789';
const names = Object.keys(variables);
const needs = fc.constantFrom<Need>('queue', 'room', 'producer', 'database', 'gateway');

it('any environment is read, or refused by name without its values', () => {
  const value = fc.oneof(
    hostileText,
    fc.constantFrom('true', '1', '1e9', 'http://h', 'wss://h', '/'),
  );
  const settings = fc.dictionary(
    fc.oneof(
      fc.constantFrom(...names),
      fc.constantFrom(...names.filter(isSecret)).map((name) => `${name}_FILE`),
    ),
    value.map((text) => `${CANARY}${text}`),
    { maxKeys: 12 },
  );
  fc.assert(
    fc.property(settings, needs, (env, need) => {
      try {
        readConfig(env, need);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect((error as Error).message).not.toContain(CANARY);
        expect((error as Error).message.split('\n').length).toBeLessThan(names.length);
      }
    }),
    { numRuns: 200 },
  );
});

it('any .env file is taken without an error, and wins over nothing', () => {
  const line = fc.oneof(
    hostileText,
    fc.tuple(fc.constantFrom(...names), hostileText).map(([name, text]) => `${name}=${text}`),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const env: NodeJS.ProcessEnv = { LIVEKIT_URL: 'ws://real' };
      applyEnvFile(env, lines.join('\n'));
      expect(env['LIVEKIT_URL']).toBe('ws://real');
      expect(Object.getPrototypeOf(env)).toBe(Object.prototype);
    }),
    { numRuns: 200 },
  );
});

it('any file gives a secret of one line, or says why not without a word of it', () => {
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    hostileText.map((text) => Buffer.from(`${CANARY}${text}`)),
  );
  const path = join(folder, 'secret');
  fc.assert(
    fc.property(content, (bytes) => {
      writeFileSync(path, bytes);
      const read = readSecretFile(path);
      if ('secret' in read) expect(read.secret).toMatch(/^\P{Cc}+$/u);
      else expect(read.problem).toMatch(/^names (?!.*canary)/);
    }),
    { numRuns: 150 },
  );
});

it('any path is a file or a problem', () => {
  fc.assert(
    fc.property(hostileText, (path) => {
      // What the environment cannot hold is no path of ours.
      expect(readSecretFile(`/nowhere/${path}`)).toHaveProperty('problem');
    }),
    { numRuns: 200 },
  );
});
