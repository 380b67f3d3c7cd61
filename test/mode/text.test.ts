import { describe, expect, it } from 'vitest';
import { settled } from '../support/hand-clock.ts';
import { MIA, openMouth } from './mouth-world.ts';

describe('a reply in writing', () => {
  it('goes out sentence by sentence: one segment, and a chat line each', async () => {
    const { mouth, says, finishes, lines, segments, posted } = await openMouth();
    mouth.startReply(1);
    await says('One. Two', '. Thr');
    expect(lines()).toEqual(['One.', 'Two.']);
    expect(segments()).toEqual([{ history: ['One.', 'One. Two.'], final: false }]);
    await says('ee');
    await finishes();
    const whole = 'One. Two. Three';
    expect(lines()).toEqual(['One.', 'Two.', 'Three']);
    expect(segments()).toEqual([{ history: ['One.', 'One. Two.', whole, whole], final: true }]);
    expect(posted.map(({ type }) => type)).toEqual([
      'reply-audible',
      'reply-progress',
      'reply-progress',
      'reply-progress',
      'reply-ended',
    ]);
    expect(posted.at(-1)).toMatchObject({ replyId: 1, end: 'finished' });
  });

  it('goes out without chat lines where the session wants none', async () => {
    const { mouth, says, finishes, lines, segments } = await openMouth({ chatLines: false });
    mouth.startReply(1);
    await says('One. Two.');
    await finishes();
    expect(lines()).toEqual([]);
    expect(segments()).toMatchObject([{ final: true }]);
  });

  it('shows no markdown, and tells what it stood for', async () => {
    const { mouth, says, finishes, lines, posted } = await openMouth();
    mouth.startReply(1);
    await says('**One.**\n***\nTwo.');
    await finishes();
    expect(lines()).toEqual(['One.', 'Two.']);
    const originals = posted.flatMap((event) =>
      event.type === 'reply-progress' ? [event.piece.original] : [],
    );
    expect(originals.join('')).toBe('**One.**\n***\nTwo.');
  });

  it.each([
    ['no spaces between Japanese sentences', 'こんにちは。お元気ですか？'],
    ['none behind a Japanese quotation', '「行こう。」と言った。「はい！」それだけ。'],
    ['none where Japanese ends with a narrow mark', 'すごい!本当?はい。'],
    ['a space behind an English sentence', 'Say 「はい」 to Ada. Then go!'],
  ])('puts %s', async (_what, text) => {
    const { mouth, says, finishes, segments } = await openMouth();
    mouth.startReply(1);
    await says(text);
    await finishes();
    expect(segments()[0]?.history.at(-1)).toBe(text);
  });

  it('is made of who the character is and what was said', async () => {
    const character = { ...MIA, model: 'her/model' };
    const { mouth, llm, says, finishes, books } = await openMouth({ character });
    mouth.startReply(1);
    await says('Hi.');
    await finishes();
    expect(llm.completions[0]?.request).toMatchObject({
      model: 'her/model',
      maxTokens: 100,
      messages: [
        { role: 'system', content: 'You are Mia.' },
        { role: 'user', content: 'Hello?' },
      ],
    });
    expect(books).toMatchObject([{ outcome: 'finished', model: 'her/model', completionTokens: 5 }]);
  });

  it('waits with its first sentence until it may speak, the model does not', async () => {
    const safe = Promise.withResolvers<void>();
    let asked = 0;
    const beforeSpeaking = (): Promise<void> => {
      asked += 1;
      return safe.promise;
    };
    const { mouth, says, finishes, lines } = await openMouth({ beforeSpeaking });
    mouth.startReply(1);
    await says('One. Two. Three.');
    expect(lines()).toEqual([]);
    safe.resolve();
    await settled();
    await finishes();
    expect(lines()).toEqual(['One.', 'Two.', 'Three.']);
    expect(asked).toBe(1);
  });

  it('fails where the room cannot be written to', async () => {
    const { mouth, rooms, says, lines, posted, observed } = await openMouth();
    mouth.startReply(1);
    await says('One.\n');
    rooms.cut('room');
    await says('Two.\n');
    expect(lines()).toEqual(['One.']);
    expect(posted.at(-1)).toEqual({ type: 'reply-ended', replyId: 1, end: 'failed' });
    expect(observed[0]).toMatchObject({ type: 'publish-failed', what: 'reply' });
  });
});
