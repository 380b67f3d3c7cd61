import { describe, expect, it, onTestFinished } from 'vitest';
import { openOpenAiSimulator } from '../../dev/simulators/openai/server.ts';
import type { FaultInput } from '../../dev/simulators/openai/settings.ts';
import { makeOpenAiLlm } from '../../src/adapters/openai/llm.ts';
import { makeSupabase } from '../../src/adapters/supabase/client.ts';
import { makeDirectory } from '../../src/adapters/supabase/directory.ts';
import { makeMemoryStore } from '../../src/adapters/supabase/memory-store.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { observeInto } from '../../src/ops/observe.ts';
import { startAnswer } from '../../src/reply/answer.ts';
import type { Stage } from '../../src/reply/reply.ts';
import { useDatabase } from '../support/stack.ts';
import { takeAll } from '../reply/running-reply.ts';
import { makeRecordingLog } from './recording-log.ts';

const SECRET = 'my secret is tea';

/** Makes a reply about the secret by a model with this fault; gives what was logged meanwhile. */
async function logOfReply(
  fault: FaultInput,
  deliver: Stage['deliver'] = takeAll,
): Promise<unknown[][]> {
  const simulator = await openOpenAiSimulator({ replies: [{ reply: `So ${SECRET}. Fine.` }] });
  onTestFinished(() => simulator[Symbol.asyncDispose]());
  simulator.arm(fault);
  const { log, lines } = makeRecordingLog();
  const llm = makeOpenAiLlm({ apiKey: simulator.apiKey, baseUrl: simulator.url });
  await new Promise<void>((resolve) => {
    startAnswer(
      {
        llm,
        clock: systemClock,
        random: () => 0,
        observe: observeInto(log),
        finished: () => undefined,
        post: ({ type }) => type === 'reply-ended' && resolve(),
      },
      { replyId: 1, recordId: 'r', prompt: [{ role: 'user', content: SECRET }] },
      {
        model: 'gpt-4.1-mini',
        maxTokens: 50,
        maxCharacters: 500,
        contextTokens: 500,
        firstTokenTimeoutMs: 100,
        tokenGapTimeoutMs: 100,
        attempts: 1,
      },
      { deliver, rest: () => [], hold: () => undefined, resume: () => undefined },
      new AbortController().signal,
    );
  });
  return lines;
}

describe('nothing that was said is logged', () => {
  it.each([
    [{ kind: 'unauthorized' }],
    [{ kind: 'forbidden' }],
    [{ kind: 'unknown-model' }],
    [{ kind: 'rate-limited' }],
    [{ kind: 'server-error' }],
    [{ kind: 'hang' }],
    [{ kind: 'reset' }],
    [{ kind: 'stall', afterTokens: 4 }],
    [{ kind: 'cut', afterTokens: 4 }],
    [{ kind: 'ends-early', afterTokens: 4 }],
    [{ kind: 'malformed-chunk', afterTokens: 4 }],
    [{ kind: 'stream-error', afterTokens: 4 }],
  ] as const)('when a model fails: $kind', async (fault) => {
    const lines = await logOfReply(fault);
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toContain('tea');
  });

  it('when a room does not take it', async () => {
    const lines = await logOfReply({ kind: 'content-filter', afterTokens: 9 }, async function* () {
      yield { text: SECRET, original: SECRET };
      throw new Error(`cannot publish ${SECRET}`);
    });
    expect(lines).toMatchObject([['warn', { event: 'publish-failed' }, 'publishing failed']]);
    expect(JSON.stringify(lines)).not.toContain('tea');
  });

  describe('when the database fails', () => {
    const database = useDatabase();

    it('refuses a row, a text or a key', async () => {
      await database().sql(`insert into characters values ('c', $1, '')`, [SECRET]);
      const supabase = makeSupabase(database());
      const { log, lines } = makeRecordingLog();
      const observe = observeInto(log);
      const failed = async (work: Promise<unknown>): Promise<void> => {
        const error: unknown = await work.then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        observe({ type: 'unexpected-error', error });
      };
      await failed(makeDirectory(supabase).loadCharacter('c'));
      const entry = { kind: SECRET } as never;
      const from = { room: 'r', session: 's', epoch: 1 };
      await failed(makeMemoryStore(supabase).leaveInInbox(from, [entry]));
      const wrong = makeSupabase({ url: database().url, serviceRoleKey: SECRET });
      await failed(makeDirectory(wrong).check());
      expect(lines.map(([, fields]) => (fields as { error: { kind: string } }).error.kind)).toEqual(
        ['rejected', 'rejected', 'auth'],
      );
      expect(JSON.stringify(lines)).not.toContain('tea');
    });
  });
});
