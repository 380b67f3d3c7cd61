import { expect, it } from 'vitest';
import { settled } from '../support/hand-clock.ts';
import { startTestReply, told } from './running-reply.ts';
import { ttsError } from '../support/fake-text-to-speech.ts';

const word = (text: string) => ({ text, original: text });

it('cut it tells what the room got besides, before its end and before cancel returns', async () => {
  const asked: number[] = [];
  const { events, reply, llm } = startTestReply({
    rest(given) {
      asked.push(given);
      return [word('Two'), word('three')];
    },
  });
  await settled();
  llm.completions[0]!.say('One. Two');
  await settled();
  reply.cancel();
  reply.cancel();
  expect(told(events)).toEqual(['audible', '"One."', '"Two"', '"three"', 'interrupted']);
  expect(asked).toEqual([1]);
});

it('cut on its first sound leaves no first segment in its books: its turn waits for the next', async () => {
  const { records, reply, llm } = startTestReply({
    async *deliver(pieces, audible) {
      for await (const _piece of pieces) {
        audible();
        yield word(' ');
      }
    },
  });
  await settled();
  llm.completions[0]!.say('One. Two');
  await settled();
  reply.cancel();
  expect(records).toMatchObject([{ outcome: 'interrupted', firstTokenMs: 0 }]);
  expect(records[0]).not.toHaveProperty('firstSegmentMs');
});

it('counts a piece as told within its own event', async () => {
  const asked: number[] = [];
  startTestReply({
    script: (completion) => completion.say('One. Two. Three.'),
    rest(given) {
      asked.push(given);
      return [];
    },
    onEvent: (event, reply) => event.type === 'reply-progress' && reply.cancel(),
  });
  await settled();
  expect(asked).toEqual([1]);
});

it('tells the rest of a reply that failed, and whose fault that was', async () => {
  const { events, observed } = startTestReply({
    script: (completion) => completion.say('One. '),
    async *deliver(_pieces, audible) {
      audible();
      yield word('On');
      throw ttsError('unavailable');
    },
    rest: () => [word('e.')],
  });
  await settled();
  expect(told(events)).toEqual(['audible', '"On"', '"e."', 'failed']);
  expect(observed).toMatchObject([{ type: 'provider-failed', provider: 'tts' }]);
});

it('is interrupted where all was taken and not all was given back', async () => {
  const { events } = startTestReply({
    script(completion) {
      completion.say('One. Two.');
      completion.finish();
    },
    async *deliver(pieces) {
      yield* (await Array.fromAsync(pieces)).slice(0, 1);
    },
  });
  await settled();
  expect(told(events)).toEqual(['"One."', 'interrupted']);
});
