import { describe, expect, test } from 'vitest';
import { holds } from '../support/holds.ts';
import { everyLlm } from './every-llm.ts';
import type { LlmItself } from './every-llm.ts';
import { askShortly, hearAll as hear, NEVER } from './llm-hearing.ts';

/** What becomes of the next request. After `words` words something happens that no model wants. */
export type LlmFate =
  | { readonly reply: string }
  | { readonly refused: true }
  | { readonly breaksAfter: number }
  | { readonly endsEarlyAfter: number }
  | { readonly stallsAfter: number }
  | { readonly filteredAfter: number };

/** A model whose answers are known before it is asked. */
export interface LlmWorld extends LlmItself {
  readonly decide: (fate: LlmFate) => void;
  /** How often it was asked. */
  readonly asked: () => number;
  /** Whether the connection of the last request is closed or free again. */
  readonly isClosed: () => boolean;
}

/** How every model streams, ends and fails. */
export function llmContract(world: () => LlmWorld): void {
  everyLlm(world);

  const ask = (signal = NEVER) => askShortly(world(), signal);

  describe('a model', () => {
    test('streams its answer in pieces, then why it stopped, then what it cost', async () => {
      world().decide({ reply: 'Hello there. 「はい」 👍 how are you?' });
      const { events, text, error } = await hear(ask());
      expect(error).toBeUndefined();
      expect(text).toBe('Hello there. 「はい」 👍 how are you?');
      expect(events.length).toBeGreaterThan(4);
      expect(events.at(-2)).toEqual({ type: 'finished', reason: 'stop' });
      expect(events.at(-1)).toEqual({
        type: 'usage',
        usage: expect.objectContaining({
          promptTokens: expect.any(Number),
          completionTokens: expect.any(Number),
        }),
      });
    });

    test('is not asked before somebody listens', async () => {
      world().decide({ reply: 'Hi.' });
      const before = world().asked();
      const stream = ask();
      expect(world().asked()).toBe(before);
      await hear(stream);
      expect(world().asked()).toBe(before + 1);
    });

    test('an empty answer is finished, without a word', async () => {
      world().decide({ reply: '' });
      const { types, error } = await hear(ask());
      expect(error).toBeUndefined();
      expect(types).toEqual(new Set(['finished', 'usage']));
    });

    test('says when it was cut by its own filter', async () => {
      world().decide({ filteredAfter: 1 });
      const { events, text } = await hear(ask());
      expect(text).not.toBe('');
      expect(events).toContainEqual({ type: 'finished', reason: 'content-filter' });
    });

    test('fails at once, and is asked once only', async () => {
      const before = world().asked();
      world().decide({ refused: true });
      const { events, error } = await hear(ask());
      expect(events).toEqual([]);
      expect(error).toMatchObject({
        name: 'TroupeError',
        service: 'llm',
        kind: 'unavailable',
        fault: 'provider',
        retryable: true,
      });
      expect(world().asked()).toBe(before + 1);
    });

    test.each([
      ['the connection breaks', { breaksAfter: 2 }],
      ['the stream ends and nobody said why', { endsEarlyAfter: 2 }],
      ['that happens before a word', { endsEarlyAfter: 0 }],
    ] as const)('fails in the middle, after what it said, when %s', async (_what, fate) => {
      world().decide(fate);
      const { text, types, error } = await hear(ask());
      expect(text !== '').toBe(!('endsEarlyAfter' in fate) || fate.endsEarlyAfter > 0);
      expect(types.has('finished')).toBe(false);
      expect(error).toMatchObject({ kind: 'unavailable', service: 'llm', fault: 'provider' });
    });

    test.each([0, 2])(
      'aborted while it is silent after %i words it ends in silence',
      async (words) => {
        world().decide({ stallsAfter: words });
        const asker = new AbortController();
        const stream = ask(asker.signal)[Symbol.asyncIterator]();
        for (let count = 0; count < words; count += 1) await stream.next();
        const next = stream.next();
        await holds(() => expect(world().isClosed()).toBe(false));
        asker.abort(new Error('interrupted'));
        expect(await next).toEqual({ done: true, value: undefined });
        await holds(() => expect(world().isClosed()).toBe(true));
      },
    );

    test('left in the middle it closes its connection', async () => {
      world().decide({ stallsAfter: 2 });
      for await (const event of ask()) {
        expect(event.type).toBe('text-delta');
        break;
      }
      await holds(() => expect(world().isClosed()).toBe(true));
    });
  });
}
