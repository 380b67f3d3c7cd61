import { describe, expect, it } from 'vitest';
import { makeSummarizer } from '../../src/memory/summarize.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { answered, said } from '../contract/memory-world.ts';
import { llmError, makeFakeLlm } from '../support/fake-llm.ts';
import type { FakeCompletion } from '../support/fake-llm.ts';
import { openWriting } from './writing.ts';

const BUDGET = 500;

/** A talk whose size is kept as the room does it: asked after each message. */
async function openTalk(script?: (completion: FakeCompletion) => void) {
  const writing = await openWriting();
  const { writer, clock } = writing;
  const llm = makeFakeLlm(script);
  const told: Observation[] = [];
  const life = new AbortController();
  const keepSize = makeSummarizer(
    { llm, clock, newId: () => 'summary', observe: (one) => void told.push(one) },
    writer,
    { model: 'a/model', budgetTokens: BUDGET },
    life.signal,
  );
  let turns = 0;
  return {
    ...writing,
    llm,
    told,
    life,
    /** So many turns of 20 tokens with their answers of 20 tokens. */
    async goesOn(count: number) {
      for (const at of Array.from({ length: count }, () => (turns += 1))) {
        writer.append(said(text(at), `u${at}`));
        keepSize();
        writer.append({ ...answered(text(at), `u${at}`), id: `a${at}` });
        keepSize();
      }
      await writing.settle();
    },
    ids: () => writer.messages().map(({ id }) => id),
  };
}

function text(at: number): string {
  return `${at} `.padEnd(64, 'x');
}

describe('a context beyond its budget', () => {
  it('is summarized behind the talk, and saved', async () => {
    const talk = await openTalk();
    await talk.goesOn(13);
    expect(talk.ids()).toHaveLength(26);
    const [completion] = talk.llm.completions;
    expect(completion?.request).toMatchObject({ model: 'a/model', maxTokens: 400 });
    const asked = completion?.request.messages.at(-1)?.content.split('\n') ?? [];
    expect(asked).toHaveLength(14);
    expect([asked[0], asked[1]]).toEqual([`Ann: ${text(1)}`, `Assistant: ${text(1)}`]);

    completion?.say('Ann counted ', 'to seven.');
    completion?.finish();
    await talk.settle();
    expect(talk.ids().slice(0, 3)).toEqual(['summary', 'u8', 'a8']);
    expect(talk.told).toEqual([{ type: 'context-compacted', removed: 14 }]);
    expect((await talk.stored())[0]).toBe('Ann counted to seven.');
    expect(talk.clock.timers()).toBe(0);
  });

  it('is summarized once at a time, the former summary with it', async () => {
    const talk = await openTalk();
    await talk.goesOn(20);
    expect(talk.llm.completions).toHaveLength(1);
    talk.llm.completions[0]?.say('First part.');
    talk.llm.completions[0]?.finish();
    await talk.settle();
    await talk.goesOn(1);
    expect(talk.llm.completions).toHaveLength(2);
    const asked = talk.llm.completions[1]?.request.messages.at(-1)?.content.split('\n');
    expect(asked?.slice(0, 2)).toEqual(['First part.', `Ann: ${text(8)}`]);
  });

  it('stays as it is while the model fails, which is asked again only after a rest', async () => {
    const talk = await openTalk((completion) => completion.fail(llmError('unavailable')));
    await talk.goesOn(13);
    await talk.goesOn(1);
    expect(talk.told).toMatchObject([{ type: 'provider-failed', provider: 'openai' }]);
    await talk.clock.live(30_000);
    await talk.goesOn(1);
    expect(talk.llm.completions).toHaveLength(2);
    expect(talk.ids()).toHaveLength(30);
  });

  it('stays as it is where the model has nothing to say', async () => {
    const talk = await openTalk((completion) => completion.finish());
    await talk.goesOn(13);
    await talk.goesOn(1);
    expect(talk.llm.completions).toHaveLength(1);
    expect(talk.ids()).toHaveLength(28);
  });

  it('gives a model that hangs a minute', async () => {
    const talk = await openTalk();
    await talk.goesOn(13);
    await talk.clock.live(60_000);
    expect(talk.told).toMatchObject([{ type: 'provider-failed' }]);
    expect(talk.llm.completions[0]?.isClosed()).toBe(true);
    await talk.clock.live(30_000);
    await talk.goesOn(1);
    expect(talk.llm.completions).toHaveLength(2);
  });

  it('is cut without a summary at four budgets, and a summary that comes later is dropped', async () => {
    const talk = await openTalk();
    await talk.goesOn(51);
    expect(talk.ids().slice(0, 3)).toEqual(['summary', 'u46', 'a46']);
    expect(talk.writer.messages()[0]?.text).toMatch(/not remembered/);
    talk.llm.completions[0]?.say('Ann counted to seven.');
    talk.llm.completions[0]?.finish();
    await talk.settle();
    expect(talk.writer.messages()[0]?.text).toMatch(/not remembered/);
  });

  it('is left alone when the talk is over, in silence', async () => {
    const talk = await openTalk();
    await talk.goesOn(13);
    talk.life.abort(new Error('the talk is over'));
    await talk.goesOn(1);
    await talk.settle();
    expect(talk.llm.completions).toHaveLength(1);
    expect(talk.llm.completions[0]?.isClosed()).toBe(true);
    expect(talk.told).toEqual([]);
    expect(talk.clock.timers()).toBe(0);
  });
});
