import { expect, it } from 'vitest';
import type { EventBody, Turn } from '../../src/conversation/events.ts';
import type { ContextMessage } from '../../src/memory/context.ts';
import { openReplies } from '../../src/mode/replies.ts';
import type { TurnRecord } from '../../src/ports/memory-store.ts';
import type { Stage } from '../../src/reply/reply.ts';
import { said } from '../contract/memory-world.ts';
import { makeFakeLlm } from '../support/fake-llm.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';
import { MIA, REPLY_SETTINGS } from './mouth-world.ts';

const TURN: Turn = {
  id: 'u2',
  speaker: 'ann',
  name: 'Ann',
  text: 'And tomorrow?',
  at: 0,
  addressed: true,
};

it('a draft has the model answer a turn that the memory lacks, and is held', async () => {
  const { replies, llm, stages, messages, says } = openWorld();
  replies.draftReply(1, TURN);
  await says('Rain.\n');
  expect(llm.completions[0]!.request.messages).toEqual([
    { role: 'system', content: 'You are Mia.' },
    { role: 'user', content: 'Hello?\nAnd tomorrow?' },
  ]);
  expect(messages).toHaveLength(1);
  expect(stages[0]).toEqual({ room: [], isHeld: true });
});

it('a draft that is released is the reply, with what came meanwhile', async () => {
  const { replies, llm, stages, posted, says, finishes } = openWorld();
  replies.draftReply(1, TURN);
  await says('Rain.\n', 'And wind.\n');
  replies.releaseReply(1);
  await settled();
  expect(stages[0]!.room).toEqual(['Rain.', 'And wind.']);
  await finishes();
  expect(posted.at(-1)).toEqual({ type: 'reply-ended', replyId: 1, end: 'finished' });
  expect(llm.completions).toHaveLength(1);
});

it('a draft that is cancelled ends at once, and cannot be released any more', async () => {
  const { replies, llm, stages, posted, books, says } = openWorld();
  replies.draftReply(1, TURN);
  await says('Rain.\n');
  replies.cancelReply(1, 'draft-void');
  expect(posted).toEqual([{ type: 'reply-ended', replyId: 1, end: 'interrupted' }]);
  replies.releaseReply(1);
  await says('And wind.\n');
  expect(stages[0]).toEqual({ room: [], isHeld: true });
  expect(llm.completions[0]!.isClosed()).toBe(true);
  expect(books).toMatchObject([{ outcome: 'unused' }]);
  expect(posted).toHaveLength(1);
});

it('a reply that has ended is forgotten: nothing reaches its stage any more', async () => {
  const { replies, stages, posted, says, finishes } = openWorld();
  replies.startReply(1);
  await says('Hi.\n');
  await finishes();
  const before = posted.length;
  replies.holdReply(1);
  replies.cancelReply(1, 'new-turn');
  expect(stages[0]).toEqual({ room: ['Hi.'], isHeld: false });
  expect(posted).toHaveLength(before);
});

it('holds and resumes the one that is meant', async () => {
  const { replies, stages, says } = openWorld();
  replies.startReply(1);
  replies.startReply(2);
  replies.holdReply(1);
  replies.holdReply(7);
  expect(stages.map(({ isHeld }) => isHeld)).toEqual([true, false]);
  await says('Two.\n');
  replies.resumeReply(1);
  expect(stages).toEqual([
    { room: [], isHeld: false },
    { room: ['Two.'], isHeld: false },
  ]);
});

it('a line is a reply of these words, and asks no model', async () => {
  const { replies, llm, stages, posted, books } = openWorld();
  replies.startLine(1, 'Welcome **all**!');
  await settled();
  expect(stages[0]!.room).toEqual(['Welcome all!']);
  expect(posted.map(({ type }) => type)).toEqual(['reply-progress', 'reply-ended']);
  expect([llm.completions, books]).toEqual([[], []]);
});

it('closing cancels all that runs', async () => {
  const { replies, posted } = openWorld();
  replies.startReply(1);
  replies.draftReply(2, TURN);
  replies[Symbol.dispose]();
  expect(posted).toEqual([
    { type: 'reply-ended', replyId: 1, end: 'interrupted' },
    { type: 'reply-ended', replyId: 2, end: 'interrupted' },
  ]);
});

/** What the room got by one stage, and whether it is held. */
interface HandStage {
  readonly room: string[];
  isHeld: boolean;
}

/** Replies whose last stages put their pieces into a list, while they are not held. */
function openWorld() {
  const llm = makeFakeLlm();
  const stages: HandStage[] = [];
  const [posted, books]: [EventBody[], TurnRecord[]] = [[], []];
  const messages: ContextMessage[] = [said('Hello?', 'u1')];
  const clock = openHandClock();
  const makeStage = (): Stage => {
    const state: HandStage = { room: [], isHeld: false };
    let free = Promise.withResolvers<void>();
    free.resolve();
    stages.push(state);
    return {
      hold() {
        state.isHeld = true;
        free = Promise.withResolvers();
      },
      resume() {
        state.isHeld = false;
        free.resolve();
      },
      rest: () => [],
      async *deliver(pieces, _audible, signal) {
        signal.addEventListener('abort', () => free.resolve(), { once: true });
        for await (const piece of pieces) {
          await free.promise;
          if (signal.aborted) return;
          if (piece.text !== '') state.room.push(piece.text);
          yield piece;
        }
      },
    };
  };
  const replies = openReplies(
    {
      llm,
      clock,
      random: () => 0,
      observe: () => undefined,
      newId: () => 'record',
      messages: () => messages,
      character: MIA,
      settings: REPLY_SETTINGS,
      finished: (record) => void books.push(record),
    },
    makeStage,
    (event) => void posted.push(event),
    new AbortController().signal,
  );
  return {
    replies,
    llm,
    stages,
    posted,
    books,
    messages,
    /** The model says this to the newest request. */
    says: async (...texts: readonly string[]) => {
      await settled();
      llm.completions.at(-1)?.say(...texts);
      await settled();
    },
    finishes: async () => {
      llm.completions.at(-1)?.finish();
      await settled();
    },
  };
}
