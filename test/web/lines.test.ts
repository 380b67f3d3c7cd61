import { describe, expect, it } from 'vitest';
import { EMPTY_BOOK, keepBook, toLines, typedSinceAnswer } from '../../web/src/lines.ts';
import type { Known } from '../../web/src/lines.ts';

const people = new Map<string, Known>([
  ['ada', { name: 'Ada', who: 'me' }],
  ['bot', { name: 'Mira', who: 'agent' }],
]);

const segment = (from: string, id: string, text: string, final = 'false') => ({
  text,
  participantInfo: { identity: from },
  streamInfo: {
    id: `stream-${text}`,
    attributes: { 'lk.segment_id': id, 'lk.transcription_final': final },
  },
});
const chat = (from: string, id: string, message: string) => ({
  id,
  message,
  timestamp: 1_000,
  from: { identity: from },
});

describe('the transcript', () => {
  it('keeps a segment in its place while its words change and others speak', () => {
    const first = [segment('ada', 's1', 'my na')];
    const one = keepBook(EMPTY_BOOK, people, first, []);
    const typed = [chat('ada', 'c1', 'typed meanwhile ')];
    const then = [segment('ada', 's1', 'My name is Ada.', 'true'), segment('bot', 's2', 'Hello')];
    const two = keepBook(one, people, then, typed);
    expect(toLines(two, then, typed)).toEqual([
      {
        id: 's1',
        from: 'ada',
        name: 'Ada',
        who: 'me',
        text: 'My name is Ada.',
        interim: false,
        typed: false,
      },
      expect.objectContaining({ id: 'c1', text: 'typed meanwhile', interim: false, typed: true }),
      expect.objectContaining({ id: 's2', who: 'agent', text: 'Hello', interim: true }),
    ]);
  });

  it('knows the names of those who have left, and their new names', () => {
    const said = [segment('bot', 's1', 'Bye.', 'true')];
    const met = keepBook(EMPTY_BOOK, people, said, []);
    const alone = keepBook(met, new Map([['ada', { name: 'Ada L.', who: 'me' }]]), said, []);
    expect(toLines(alone, said, [])).toMatchObject([{ name: 'Mira', who: 'agent' }]);
    expect(alone.people.get('ada')?.name).toBe('Ada L.');
  });

  it('is the same book where nothing is new, so that nothing is drawn again', () => {
    const said = [segment('ada', 's1', 'one')];
    const book = keepBook(EMPTY_BOOK, people, said, []);
    expect(keepBook(book, people, [segment('ada', 's1', 'one two')], [])).toBe(book);
  });

  it('shows no line for a segment that was closed without words', () => {
    const dropped = [segment('ada', 's1', ' ', 'true')];
    const book = keepBook(EMPTY_BOOK, people, dropped, []);
    expect(toLines(book, dropped, [])).toEqual([]);
  });

  it('calls by identity whom it never saw', () => {
    const said = [segment('who-7', 's1', 'hm', 'true')];
    const book = keepBook(EMPTY_BOOK, people, said, []);
    expect(toLines(book, said, [])).toMatchObject([{ name: 'who-7', who: 'other' }]);
  });
});

describe('what we typed and nobody answered', () => {
  const linesOf = (...chats: readonly (readonly [from: string, text: string])[]) => {
    const messages = chats.map(([from, text], at) => chat(from, `c${at}`, text));
    return toLines(keepBook(EMPTY_BOOK, people, [], messages), [], messages);
  };
  const texts = (lines: ReturnType<typeof linesOf>, now = 2_000) =>
    typedSinceAnswer(lines, now).map(({ text }) => text);

  it('is what stands behind the last line of the character', () => {
    const lines = linesOf(['ada', 'one'], ['bot', 'two'], ['ada', 'three'], ['ben', 'four']);
    expect(texts(lines)).toEqual(['three']);
  });

  it('is no more than ten lines, and none of three minutes ago', () => {
    const lines = linesOf(...Array.from({ length: 12 }, (_, at) => ['ada', `${at}`] as const));
    expect(texts(lines, 180_999)).toEqual(['2', '3', '4', '5', '6', '7', '8', '9', '10', '11']);
    expect(texts(lines, 181_000)).toEqual([]);
  });

  it('is nothing that we spoke: its sound is gone', () => {
    const said = [segment('ada', 's1', 'Hello?', 'true')];
    expect(texts(toLines(keepBook(EMPTY_BOOK, people, said, []), said, []))).toEqual([]);
  });
});
