import { describe, expect, test } from 'vitest';
import type { Llm } from '../../src/ports/llm.ts';
import { askShortly, hearAll, NEVER } from './llm-hearing.ts';

/** A model that may say what it likes. */
export interface LlmItself {
  readonly llm: Llm;
  /** A model that it has. */
  readonly model: string;
  /** The same provider, asked with a key that it does not know; a fake looks at none. */
  readonly stranger?: Llm;
  /** How often it was asked, where that is known. */
  readonly asked?: () => number;
}

/** What holds of every model, the living ones too: nothing is made to go wrong, no word is expected. */
export function everyLlm(world: () => LlmItself): void {
  describe('whatever it says, a model', () => {
    test('streams it in pieces, then why it stopped, then what it cost', async () => {
      const { events, text, error } = await hearAll(askShortly(world()));
      expect(error).toBeUndefined();
      expect(text.trim()).not.toBe('');
      const types = events.map(({ type }) => type);
      expect(types.slice(-2)).toEqual(['finished', 'usage']);
      expect(new Set(types.slice(0, -2))).toEqual(new Set(['text-delta']));
      expect(types.length).toBeGreaterThan(3);
      expect(events.at(-1)).toMatchObject({
        usage: { promptTokens: expect.any(Number), completionTokens: expect.any(Number) },
      });
    });

    test('aborted in the middle ends in silence', async () => {
      const asker = new AbortController();
      const stream = askShortly(world(), asker.signal)[Symbol.asyncIterator]();
      expect(await stream.next()).toMatchObject({ value: { type: 'text-delta' } });
      asker.abort(new Error('interrupted'));
      expect(await stream.next()).toEqual({ done: true, value: undefined });
    });

    test('left in the middle answers whoever asks next', async () => {
      for await (const { type } of askShortly(world())) if (type === 'text-delta') break;
      const { types, error } = await hearAll(askShortly(world()));
      expect(error).toBeUndefined();
      expect(types).toEqual(new Set(['text-delta', 'finished', 'usage']));
    });

    test('is not asked by somebody who is gone', async () => {
      const before = world().asked?.();
      const gone = AbortSignal.abort(new Error('gone'));
      expect(await hearAll(askShortly(world(), gone))).toMatchObject({
        events: [],
        error: undefined,
      });
      expect(world().asked?.()).toBe(before);
    });

    test('warms up, and never complains', async () => {
      await expect(world().llm.warmUp()).resolves.toBeUndefined();
      expect((await hearAll(askShortly(world()))).error).toBeUndefined();
    });

    test('refuses a key that it does not know', async ({ skip }) => {
      const { stranger: llm, model } = world();
      skip(llm === undefined, 'it looks at no key');
      expect(await hearAll(askShortly({ llm: llm!, model }))).toMatchObject({
        events: [],
        error: { name: 'TroupeError', service: 'llm', kind: 'auth', fault: 'provider' },
      });
    });

    test('refuses a model that it does not have: that is the character’s fault', async ({
      skip,
    }) => {
      const { llm, stranger } = world();
      skip(stranger === undefined, 'it is every model');
      const asked = askShortly({ llm, model: 'nobody/has-such-a-model' }, NEVER);
      expect(await hearAll(asked)).toMatchObject({
        events: [],
        error: { name: 'TroupeError', service: 'llm', kind: 'rejected', fault: 'room' },
      });
    });
  });
}
