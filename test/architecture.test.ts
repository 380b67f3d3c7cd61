import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { findViolations } from './support/house-rules.ts';
import { loadedWith } from './support/imports.ts';

async function readFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for await (const path of glob('{src,dev,web}/**/*.{ts,tsx}'))
    files.set(path, readFileSync(path, 'utf8'));
  return files;
}

describe('the house', () => {
  it('keeps its import rules', async () => {
    const files = await readFiles();
    expect(files.size).toBeGreaterThan(15);
    expect(findViolations(files)).toEqual([]);
  });

  it('loads nothing of a voice, nor of traces, for a worker that only writes', async () => {
    const files = await readFiles();
    const heavy =
      /^(?:onnxruntime|@opentelemetry)|adapters\/(?:silero|gladia|deepgram|cartesia|eleven)/;
    const loadedBy = (path: string): readonly string[] =>
      [...loadedWith(path, files)].filter((one) => heavy.test(one));
    expect(loadedBy('src/cli/worker.ts')).toEqual([]);
    expect(loadedBy('src/app/voice.ts')).toContain('src/adapters/silero/voice-activity.ts');
    expect(loadedWith('src/cli/worker.ts', files)).toContain('src/mode/text.ts');
  });

  it.each([
    ['src/worker/x.ts', "import { a } from '../room/room-bot.ts';"],
    ['src/room/x.ts', "import { a } from '../adapters/sqs/queue.ts';"],
    ['src/room/x.ts', "import type { A } from '../worker/slots.ts';"],
    ['src/room/x.ts', "export { a } from '../app/worker.ts';"],
    ['src/adapters/sqs/x.ts', "import { a } from '../livekit/token.ts';"],
    ['src/mode/x.ts', "import { config } from '../config.ts';"],
    ['src/conversation/reduce.ts', "import { hash } from 'node:crypto';"],
    ['src/conversation/reduce.ts', "import { a } from '../lib/clock.ts';"],
    ['src/conversation/reduce.ts', "import { a } from './conversation.ts';"],
    ['src/memory/compaction.ts', "import { a } from './context-writer.ts';"],
    ['src/worker/activation.ts', "import { a } from './bot.ts';"],
    ['src/ports/bot.ts', "import { a } from './queue.ts';"],
    ['src/ports/x.ts', "import { a } from '../lib/clock.ts';"],
    ['src/lib/x.ts', "import type { A } from '../ports/queue.ts';"],
    ['src/app/x.ts', "const a = await import('../../dev/stack.ts');"],
    ['src/recorder/x.ts', "import { a } from '../room/talk.ts';"],
    ['src/conversation/conversation.ts', "import { a } from '../recorder/recorder.ts';"],
    ['src/services/x.ts', "import { a } from '../lib/clock.ts';"],
    ['src/app/x.ts', "import { a } from '../../web/src/lines.ts';"],
    ['web/src/x.tsx', "import { sessionRequest } from '../../src/gateway/api.ts';"],
    ['web/src/x.tsx', "import type { Config } from '../../src/config.ts';"],
    ['dev/x.ts', "import { a } from '../src/lib/clock.ts';"],
    ['src/app/x.ts', "import {\n  a,\n  b,\n} from '../cli/worker.ts';"],
  ])('refuses in %s: %s', (path, source) => {
    expect(findViolations(new Map([[path, source]]))).toHaveLength(1);
  });

  it.each([
    ['src/room/x.ts', "import type { BotStart } from '../ports/bot.ts';"],
    ['src/conversation/x.ts', "import type { LeaveReason } from '../ports/bot.ts';"],
    ['src/conversation/reduce.ts', "import { a } from './on-user.ts';"],
    ['src/recorder/x.ts', "import { reduce } from '../conversation/reduce.ts';"],
    ['src/worker/activation.ts', "import { z } from 'zod';"],
    ['src/adapters/sqs/x.ts', "import { TroupeError } from '../../errors.ts';"],
    ['src/app/x.ts', "import { a } from '../adapters/sqs/queue.ts';"],
    ['web/src/x.tsx', "import type { Problem } from '../../src/gateway/api.ts';"],
  ])('allows in %s: %s', (path, source) => {
    expect(findViolations(new Map([[path, source]]))).toEqual([]);
  });
});
