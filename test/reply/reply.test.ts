import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { llmError } from '../support/fake-llm.ts';
import { settled } from '../support/hand-clock.ts';
import { originalOf, startTestReply, takeAll, told } from './running-reply.ts';

it('tells what the room got, sentence by sentence, and that it is done', async () => {
  const { events, records, llm, owner, clock } = startTestReply({
    script(completion) {
      completion.say('**Hel', 'lo.** How', ' are you? ', 'Bye');
      completion.finish();
    },
  });
  await settled();
  expect(told(events)).toEqual(['audible', '"Hello."', '"How are you?"', '"Bye"', 'finished']);
  expect(events.every((event) => 'replyId' in event && event.replyId === 7)).toBe(true);
  expect(originalOf(events)).toBe('**Hello.** How are you? Bye');
  expect(records).toHaveLength(1);
  expect(llm.completions[0]).toMatchObject({
    request: {
      model: 'a/model',
      maxTokens: 50,
      messages: [{ role: 'user', content: 'What is the time?!' }],
    },
  });
  expect(getEventListeners(owner.signal, 'abort')).toEqual([]);
  expect(clock.timers()).toBe(0);
});

it('tells each sentence as soon as it is whole', async () => {
  const { events, llm } = startTestReply();
  await settled();
  llm.completions[0]!.say('One. Two');
  await settled();
  expect(told(events)).toEqual(['audible', '"One."']);
});

it('is audible with the first piece that shows, not with a code block', async () => {
  const { events, records, llm, clock } = startTestReply();
  await settled();
  llm.completions[0]!.say('```js\nalert(1)\n```\n');
  await clock.live(100);
  expect(told(events)).toEqual(['""']);
  llm.completions[0]!.say('So.');
  llm.completions[0]!.finish();
  await settled();
  expect(told(events)).toEqual(['""', 'audible', '"So."', 'finished']);
  expect(records[0]).toMatchObject({ firstTokenMs: 0, firstSegmentMs: 100 });
});

it('cancelled it has ended before cancel returns, and nothing follows', async () => {
  const { events, records, llm, reply, clock, owner } = startTestReply();
  await settled();
  llm.completions[0]!.say('One. Two');
  await settled();
  reply.cancel();
  expect(told(events)).toEqual(['audible', '"One."', 'interrupted']);
  llm.completions[0]!.say(' is late. Three.');
  reply.cancel();
  await clock.live(10_000);
  expect(told(events)).toEqual(['audible', '"One."', 'interrupted']);
  expect(records).toHaveLength(1);
  expect(llm.completions[0]!.isClosed()).toBe(true);
  expect(clock.timers()).toBe(0);
  expect(getEventListeners(owner.signal, 'abort')).toEqual([]);
});

it.each(['reply-audible', 'reply-progress'])(
  'cancelled within %s nothing follows',
  async (type) => {
    const { events } = startTestReply({
      script: (completion) => completion.say('One. Two. Three.'),
      onEvent: (event, reply) => event.type === type && reply.cancel(),
    });
    await settled();
    const last = type === 'reply-audible' ? ['audible'] : ['audible', '"One."'];
    expect(told(events)).toEqual([...last, 'interrupted']);
  },
);

it('cancelled at once it asks nobody', async () => {
  const { events, llm, reply } = startTestReply();
  reply.cancel();
  await settled();
  expect(told(events)).toEqual(['interrupted']);
  expect(llm.completions.every((completion) => completion.isClosed())).toBe(true);
});

it('ends with its room, and calls that no failure', async () => {
  const { events, observed, owner, llm } = startTestReply({
    // As a publish does that was under way.
    async *deliver(pieces, audible, signal) {
      for await (const piece of pieces) {
        audible();
        yield piece;
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      }
    },
  });
  await settled();
  llm.completions[0]!.say('One. Two. ');
  await settled();
  owner.abort(new Error('the room is gone'));
  await settled();
  expect(told(events)).toEqual(['audible', '"One."', 'interrupted']);
  expect(observed).toEqual([]);
});

it('an endless answer is cut at its limit, between characters, and counted', async () => {
  const { events, records, llm } = startTestReply({
    settings: { maxCharacters: 101 },
    script: (completion) => completion.say(...Array.from({ length: 500 }, () => '👍👍 ')),
  });
  await settled();
  expect(told(events).at(-1)).toBe('finished');
  expect(originalOf(events)).toBe('👍👍 '.repeat(20));
  expect(originalOf(events).length).toBe(100);
  expect(llm.completions[0]!.isClosed()).toBe(true);
  expect(records[0]!.completionTokens).toBeGreaterThanOrEqual(25);
});

it('an answer in one huge piece is cut as well', async () => {
  const { events } = startTestReply({
    settings: { maxCharacters: 100 },
    script: (completion) => completion.say('word '.repeat(100_000)),
  });
  await settled();
  expect(originalOf(events)).toHaveLength(100);
  expect(told(events).at(-1)).toBe('finished');
});

it('an empty answer ends with nothing said', async () => {
  const { events } = startTestReply({ script: (completion) => completion.finish() });
  await settled();
  expect(told(events)).toEqual(['finished']);
});

it('fails when the model fails, after the tries it has', async () => {
  const { events, observed, llm, clock } = startTestReply({
    script: (completion) => completion.fail(llmError('unavailable')),
  });
  await clock.live(60_000);
  expect(told(events)).toEqual(['failed']);
  expect(llm.completions).toHaveLength(2);
  expect(observed.map(({ type }) => type)).toEqual(['provider-failed', 'provider-failed']);
});

it('fails in the middle with what the room got', async () => {
  const { events } = startTestReply({
    script(completion) {
      completion.say('One. Two');
      completion.fail(llmError('unavailable'));
    },
  });
  await settled();
  expect(told(events)).toEqual(['audible', '"One."', 'failed']);
});

it('fails when the room does not take it, tells so and lets the model go', async () => {
  const { events, observed, llm } = startTestReply({
    script: (completion) => completion.say('One. Two. '),
    async *deliver(pieces, audible) {
      for await (const piece of pieces) {
        audible();
        yield piece;
        throw new Error('the room is full');
      }
    },
  });
  await settled();
  expect(told(events)).toEqual(['audible', '"One."', 'failed']);
  expect(observed).toMatchObject([{ type: 'publish-failed', what: 'reply' }]);
  expect(llm.completions[0]!.isClosed()).toBe(true);
});

it('is interrupted when the last stage may not go on', async () => {
  const { events, llm } = startTestReply({
    script: (completion) => completion.say('One. Two. Three. '),
    async *deliver(pieces, audible, signal) {
      for await (const piece of takeAll(pieces, audible, signal)) {
        yield piece;
        return;
      }
    },
  });
  await settled();
  expect(told(events)).toEqual(['audible', '"One."', 'interrupted']);
  expect(llm.completions[0]!.isClosed()).toBe(true);
});
