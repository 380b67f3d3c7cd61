import { describe, expect, it } from 'vitest';
import { settled } from '../support/hand-clock.ts';
import { NEVER, openMouth } from './mouth-world.ts';

describe('a reply that is cut', () => {
  it('ends at once: nothing more is said, the segment stands as it was shown', async () => {
    const { mouth, llm, says, lines, segments, posted, books } = await openMouth();
    mouth.startReply(1);
    await says('One. Two. Thr');
    mouth.cancelReply(1, 'new-turn');
    expect(posted.at(-1)).toEqual({ type: 'reply-ended', replyId: 1, end: 'interrupted' });
    await says('ee. Four.\n');
    expect(lines()).toEqual(['One.', 'Two.']);
    expect(segments()).toEqual([{ history: ['One.', 'One. Two.', 'One. Two.'], final: true }]);
    expect(posted.filter(({ type }) => type === 'reply-ended')).toHaveLength(1);
    expect(llm.completions[0]?.isClosed()).toBe(true);
    expect(books).toMatchObject([{ outcome: 'interrupted' }]);
  });

  it.each([
    ['as a chat line', { sendChatLine: NEVER }],
    ['in the segment', { openSegment: () => ({ write: NEVER, end: NEVER }) }],
  ])('has said what is on its way %s: that gets there', async (_how, slow) => {
    const { mouth, says, posted } = await openMouth({}, (link) => ({ ...link, ...slow }));
    mouth.startReply(1);
    await says('One. Two. Thr');
    expect(posted).toEqual([]);
    mouth.cancelReply(1, 'new-turn');
    expect(posted).toMatchObject([
      { type: 'reply-progress', replyId: 1, piece: { text: 'One.' } },
      { type: 'reply-ended', replyId: 1, end: 'interrupted' },
    ]);
  });

  it('has said nothing where the room took nothing', async () => {
    const { mouth, rooms, says, posted } = await openMouth();
    mouth.startReply(1);
    rooms.cut('room');
    await says('One.\n');
    expect(posted).toEqual([{ type: 'reply-ended', replyId: 1, end: 'failed' }]);
  });

  it('shows nothing where nothing was said yet', async () => {
    const { mouth, says, lines, segments } = await openMouth();
    mouth.startReply(1);
    await settled();
    mouth.cancelReply(1, 'new-turn');
    await says('One.\n');
    expect([lines(), segments()]).toEqual([[], []]);
  });

  it('leaves the next one alone, and an unknown one is nobody', async () => {
    const { mouth, says, finishes, lines, posted } = await openMouth();
    mouth.startReply(1);
    await says('One.\n');
    mouth.cancelReply(1, 'new-turn');
    mouth.startReply(2);
    mouth.cancelReply(1, 'new-turn');
    mouth.cancelReply(7, 'new-turn');
    await says('Two.\n');
    await finishes();
    expect(lines()).toEqual(['One.', 'Two.']);
    expect(posted.at(-1)).toMatchObject({ replyId: 2, end: 'finished' });
  });
});

describe('while nothing may be published', () => {
  it('a reply waits, and goes on when it may again', async () => {
    const { mouth, clock, permit, says, finishes, lines, posted } = await openMouth();
    mouth.startReply(1);
    await says('One.\n');
    permit(false);
    await says('Two. Three.\n');
    await clock.live(20_000);
    expect(lines()).toEqual(['One.']);
    permit(true);
    await clock.live(100);
    await finishes();
    expect(lines()).toEqual(['One.', 'Two.', 'Three.']);
    expect(posted.at(-1)).toMatchObject({ end: 'finished' });
  });

  it('a cut reply and a lost room stay silent for good', async () => {
    const { mouth, clock, life, permit, says, lines, segments } = await openMouth();
    mouth.note('Welcome!');
    mouth.startReply(1);
    await settled();
    permit(false);
    await says('One.\n');
    mouth.note('Good-bye!');
    mouth.cancelReply(1, 'leaving');
    life.abort(new Error('lost'));
    await settled();
    permit(true);
    await clock.live(1_000);
    expect(lines()).toEqual(['Welcome!']);
    expect(segments()).toHaveLength(1);
    expect(clock.timers()).toBe(0);
  });
});

describe('a fixed line', () => {
  it('is a segment and a chat line; several keep their order', async () => {
    const { mouth, lines, segments } = await openMouth();
    mouth.note('One!');
    mouth.note('Two *stars*');
    mouth.note('Three?');
    await settled();
    expect(lines()).toEqual(['One!', 'Two stars', 'Three?']);
    expect(segments().map(({ history }) => history.at(-1))).toEqual(lines());
    expect(segments().every(({ final }) => final)).toBe(true);
  });

  it('waits for the one before it, however slow the room is', async () => {
    const slow = Promise.withResolvers<void>();
    const { mouth, lines, segments } = await openMouth({}, (link) => ({
      ...link,
      sendChatLine: async (text) => {
        if (text === 'One!') await slow.promise;
        await link.sendChatLine(text);
      },
    }));
    mouth.note('One!');
    mouth.note('Two!');
    await settled();
    expect([lines(), segments()]).toMatchObject([[], [{ history: ['One!'] }]]);
    slow.resolve();
    await settled();
    expect(lines()).toEqual(['One!', 'Two!']);
  });

  it('that could not be said keeps the next one from nobody', async () => {
    const { mouth, rooms, lines, observed } = await openMouth();
    rooms.cut('room');
    mouth.note('One!');
    await settled();
    rooms.mend('room');
    mouth.note('Two!');
    await settled();
    expect(lines()).toEqual(['Two!']);
    expect(observed[0]).toMatchObject({ type: 'publish-failed', what: 'fixed line' });
  });
});

describe('closing the mouth', () => {
  it('waits until the last lines are said, the cut reply is closed, and both are on their way', async () => {
    const { mouth, clock, says, lines, segments, posted } = await openMouth();
    mouth.startReply(1);
    await says('One. Tw');
    mouth.note('Good-bye!');
    let closed = false;
    void mouth[Symbol.asyncDispose]().then(() => (closed = true));
    await clock.live(0);
    expect(lines()).toEqual(['One.', 'Good-bye!']);
    expect(segments().map(({ final }) => final)).toEqual([true, true]);
    expect(posted.at(-1)).toMatchObject({ end: 'interrupted' });
    await clock.live(249);
    expect(closed).toBe(false);
    await clock.live(1);
    expect(closed).toBe(true);
  });

  it('waits for nothing where nothing was said lately, nor in a room that is lost', async () => {
    const quiet = await openMouth();
    quiet.mouth.note('Welcome!');
    await quiet.clock.live(250);
    await quiet.mouth[Symbol.asyncDispose]();
    const lost = await openMouth({}, (link) => ({ ...link, sendChatLine: NEVER }));
    lost.mouth.note('Welcome!');
    await settled();
    lost.life.abort(new Error('lost'));
    await lost.mouth[Symbol.asyncDispose]();
    expect([quiet.clock.timers(), lost.clock.timers()]).toEqual([0, 0]);
  });

  it('waits no longer than one and a half seconds', async () => {
    const { mouth, clock } = await openMouth({}, (link) => ({ ...link, sendChatLine: NEVER }));
    mouth.note('Good-bye!');
    let closed = false;
    void mouth[Symbol.asyncDispose]().then(() => (closed = true));
    await clock.live(1_499);
    expect(closed).toBe(false);
    await clock.live(1);
    expect(closed).toBe(true);
  });
});
