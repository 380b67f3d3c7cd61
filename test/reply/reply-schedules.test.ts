import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Stage } from '../../src/reply/reply.ts';
import type { FakeCompletion } from '../support/fake-llm.ts';
import { llmError } from '../support/fake-llm.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';
import { originalOf, startTestReply } from './running-reply.ts';

type Act =
  | { readonly act: 'say'; readonly text: string }
  | { readonly act: 'wait'; readonly ms: number }
  | { readonly act: 'finish' | 'fail' | 'fail for good' | 'cancel' | 'leave' | 'turn' };

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant('say' as const), text: words() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('wait' as const),
      ms: fc.integer({ min: 1, max: 900 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ act: 'turn' } as const) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('finish', 'fail', 'fail for good', 'cancel', 'leave')
      .map((name) => ({ act: name }) as const),
  },
);

function words(): fc.Arbitrary<string> {
  return fc.constantFrom('One', '. ', ' two', '!\n', '```\n', '。', ' 👍', '**', 'e.g. ', '');
}

/** What a room may do with a piece: take it now, later, or fail. */
const taking = fc.array(fc.oneof(fc.integer({ min: 0, max: 400 }), fc.constant('fail' as const)), {
  maxLength: 8,
});

it('whatever happens, ends once, tells nothing afterwards, and keeps the books once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), taking, async (acts, takes) => {
      const roomClock = openHandClock();
      const published: string[] = [];
      const deliver: Stage['deliver'] = async function* deliver(pieces, _audible, signal) {
        let count = 0;
        for await (const piece of pieces) {
          const take = takes[count++] ?? 0;
          if (take === 'fail') throw new Error('the room did not take it');
          if (take > 0) await roomClock.delay(take, signal);
          if (signal.aborted) return;
          published.push(piece.original);
          yield piece;
        }
      };
      const running = startTestReply({ deliver, settings: { maxCharacters: 60 } });
      const { events, clock, records, llm, owner } = running;
      let publishedAtEnd: number | undefined;
      for (const one of acts) {
        const completion = llm.completions.at(-1);
        if (one.act === 'wait') {
          roomClock.pass(one.ms);
          await clock.live(one.ms);
        } else perform(one, completion, running);
        if (one.act === 'turn') await settled();
        const over = events.some(({ type }) => type === 'reply-ended');
        if (over) publishedAtEnd ??= published.length;
      }
      const saidByAll = originalOf(events);
      owner.abort(new Error('the room is gone'));
      await settled();
      roomClock.pass(60_000);
      await clock.live(60_000);

      expect(events.map(({ type }) => type).lastIndexOf('reply-ended')).toBe(events.length - 1);
      expect(events.filter(({ type }) => type === 'reply-ended')).toHaveLength(1);
      expect(events.filter(({ type }) => type === 'reply-audible').length).toBeLessThanOrEqual(1);
      expect(records).toHaveLength(1);
      expect(originalOf(events).startsWith(saidByAll)).toBe(true);
      expect(published.join('').startsWith(originalOf(events))).toBe(true);
      if (publishedAtEnd !== undefined) expect(published).toHaveLength(publishedAtEnd);
      expect(llm.completions.every((completion) => completion.isClosed())).toBe(true);
      expect(clock.timers()).toBe(0);
    }),
    { numRuns: 200 },
  );
});

function perform(
  one: Exclude<Act, { readonly act: 'wait' }>,
  completion: FakeCompletion | undefined,
  { reply, owner }: Pick<ReturnType<typeof startTestReply>, 'reply' | 'owner'>,
): void {
  if (one.act === 'say') return completion?.say(one.text);
  const acts = {
    finish: () => completion?.finish(),
    fail: () => completion?.fail(llmError('unavailable')),
    'fail for good': () => completion?.fail(llmError('rejected')),
    cancel: () => reply.cancel(),
    leave: () => owner.abort(new Error('the room is gone')),
    turn: () => undefined,
  };
  acts[one.act]();
}
