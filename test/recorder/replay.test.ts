import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { replay } from '../../src/recorder/replay.ts';
import type { RecordingHead } from '../../src/recorder/recording.ts';
import { showEnd, showHead, showStep } from '../../src/recorder/show.ts';
import { ANN, ends, opens, says, writes } from '../support/timeline.ts';
import { recordTalk } from './recorded-talk.ts';
import { replayed } from './recorded.ts';

/** Ann asks something, is answered, and the talk goes on. */
const EVENTS: Parameters<typeof recordTalk>[0] = [
  [0, opens(ANN)],
  [100, writes(ANN, 'Hello there, Mia?')],
  [600, says(1, 'Hello yourself. ')],
  [900, ends(1, 'finished')],
  [1_000, writes(ANN, 'And then?')],
];
const TALK = await recordTalk(EVENTS);

/** The talk's recording with the first `from` replaced. */
function altered(from: string | RegExp, to: string): readonly string[] {
  const text = TALK.join('\n');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return changed.split('\n');
}

describe('a recording replays', () => {
  it('as it was recorded', async () => {
    expect(await replayed(TALK)).toEqual({ kind: 'same', events: 5, ended: 'complete' });
  });

  it('in sight of who looks on', async () => {
    const lines = await recordTalk(EVENTS, { withText: true });
    const shown: string[] = [];
    let head: RecordingHead | undefined;
    const end = await replay(Readable.from(lines), {
      begins: (first) => {
        head = first;
        shown.push(showHead(first));
      },
      stepped: (...step) => void shown.push(showStep(head!, ...step)),
    });
    expect([...shown, showEnd(end)].join('\n')).toMatchInlineSnapshot(`
      "Mia in room room, session talk, epoch 3
      recorded 1970-01-01T00:00:00.000Z by version 1.2.3, with its text
          0.000  1 room-opened people=[{"identity":"ann","name":"Ann","kind":"human"}] unanswered=[]
                 phase: "arriving" -> "open"
                 people/ann: nothing -> {"identity":"ann","name":"Ann","kind":"human"}
                 shownState: "initializing" -> "listening"
                 joinedSaid: false -> true
                 > say line="joined"
                 > show-agent-state state="listening"
                 > start-timer timer="idle" timerId=1 delayMs=30000
          0.100  2 chat-received id="Hello there, Mia?" person={"identity":"ann","name":"Ann","kind":"human"} text="Hello there, Mia?"
                 reply/kind: "none" -> "thinking"
                 reply/replyId: nothing -> 1
                 reply/answers: nothing -> [{"id":"Hello there, Mia?","speaker":"ann","since":100}]
                 reply/heard: nothing -> ""
                 reply/stopping: nothing -> false
                 shownState: "listening" -> "thinking"
                 > commit-turn turn={"id":"Hello there, Mia?","speaker":"ann","name":"Ann","text":"Hello there, Mia?","at":100,"addressed":true}
                 > start-reply replyId=1 answers=["Hello there, Mia?"]
                 > show-agent-state state="thinking"
                 > stop-timer timer="idle"
          0.600  3 reply-progress replyId=1 piece={"text":"Hello yourself. ","original":"Hello yourself. "}
                 reply/kind: "thinking" -> "speaking"
                 reply/heard: "" -> "Hello yourself. "
                 shownState: "thinking" -> "speaking"
                 > show-agent-state state="speaking"
          0.900  4 reply-ended replyId=1 end="finished"
                 reply/kind: "speaking" -> "none"
                 reply/replyId: 1 -> nothing
                 reply/answers: [{"id":"Hello there, Mia?","speaker":"ann","since":100}] -> nothing
                 reply/heard: "Hello yourself. " -> nothing
                 reply/stopping: false -> nothing
                 shownState: "speaking" -> "listening"
                 > commit-reply replyId=1 answers=["Hello there, Mia?"] heard="Hello yourself. " end="finished"
                 > show-agent-state state="listening"
                 > start-timer timer="idle" timerId=2 delayMs=30000
          1.000  5 chat-received id="And then?" person={"identity":"ann","name":"Ann","kind":"human"} text="And then?"
                 reply/kind: "none" -> "thinking"
                 reply/replyId: nothing -> 2
                 reply/answers: nothing -> [{"id":"And then?","speaker":"ann","since":1000}]
                 reply/heard: nothing -> ""
                 reply/stopping: nothing -> false
                 shownState: "listening" -> "thinking"
                 > commit-turn turn={"id":"And then?","speaker":"ann","name":"Ann","text":"And then?","at":1000,"addressed":true}
                 > start-reply replyId=2 answers=["And then?"]
                 > show-agent-state state="thinking"
                 > stop-timer timer="idle"
      5 events, each with the same outcome as recorded"
    `);
  });

  it('without what another version of the state does not have, or had besides', async () => {
    const more = altered('"phase":"arriving"', '"mood":"good","phase":"arriving"');
    expect(await replayed(more)).toMatchObject({ kind: 'same' });
    const less = altered('"lastWatchId":0', '"oldWatchId":0');
    expect(await replayed(less)).toMatchObject({ kind: 'same' });
  });
});

describe('the first difference is named', () => {
  it.each<[string, string | RegExp, string, number, object]>([
    [
      'in the state at first',
      '"shownState":"initializing"',
      '"shownState":"none"',
      0,
      { path: '/state/shownState', recorded: 'none', now: 'initializing' },
    ],
    [
      'in what an event changed',
      '"kind":["speaking"]',
      '"kind":["none"]',
      3,
      { path: '/state/reply/kind', recorded: 'none', now: 'speaking' },
    ],
    [
      'in what an event did not change',
      '"deafnessSaid":false',
      '"deafnessSaid":true',
      0,
      { path: '/state/deafnessSaid', recorded: true, now: false },
    ],
    [
      'in what was done',
      '"type":"start-reply"',
      '"type":"draft-reply"',
      2,
      { path: '/commands/1/type', recorded: 'draft-reply', now: 'start-reply' },
    ],
    [
      'in what was done besides',
      /,\{"type":"show-agent-state","state":"thinking"\}/,
      '',
      2,
      {
        path: expect.stringMatching(/^\/commands\//),
        recorded: expect.anything(),
        now: expect.anything(),
      },
    ],
    [
      'in the rules',
      '"idleTimeoutMs":30000',
      '"idleTimeoutMs":20000',
      1,
      { path: '/commands/2/delayMs', recorded: 30_000, now: 20_000 },
    ],
    [
      'in what the core no longer knows',
      '"type":"reply-progress"',
      '"type":"reply-progressed"',
      3,
      { path: '', recorded: 'done' },
    ],
  ])('%s', async (_where, from, to, n, difference) => {
    expect(await replayed(altered(from, to))).toMatchObject({ kind: 'different', n, difference });
  });
});

describe('what is no recording is refused', () => {
  it.each<[string, () => readonly string[], string]>([
    ['nothing', () => [], 'the file is empty'],
    ['a letter', () => ['Dear Ann,'], 'line 1 is not the head of a recording'],
    ['other JSON', () => ['{"a":1}'], 'line 1 is not the head of a recording'],
    [
      'another format',
      () => altered('"troupeRecording":1', '"troupeRecording":2'),
      'the recording has format 2, this version reads format 1: replay it with the version that recorded it',
    ],
    ['half a head', () => altered(/"redacted":true,/, ''), 'line 1: redacted'],
    [
      'a line of something else',
      () => altered(TALK[2]!, '{"n":2}'),
      'line 3 is no event of a recording',
    ],
    [
      'a line of no JSON',
      () => altered(TALK[2]!, 'Dear Ann,'),
      'line 3 is no event of a recording',
    ],
    ['a line less', () => TALK.toSpliced(2, 1), 'line 3: event 2 is not there'],
    ['an event less than the end says', () => TALK.toSpliced(5, 1), 'line 6: event 5 is not there'],
    [
      'half a line at the end',
      () => [...TALK.slice(0, 3), TALK[3]!.slice(0, 50)],
      'breaks off after event 2',
    ],
    ['no end', () => TALK.slice(0, 4), 'the recording breaks off after event 3'],
  ])('%s', async (_what, lines, why) => {
    await expect(replayed(lines())).rejects.toMatchObject({
      name: 'UnreadableRecording',
      message: expect.stringContaining(why),
    });
  });
});

it('what people wrote does not steer the terminal that shows it', async () => {
  const lines = await recordTalk(
    [
      [0, opens(ANN)],
      [1, writes(ANN, 'red \u001b[31m \u009b31m \u202e end')],
    ],
    { withText: true },
  );
  const shown: string[] = [];
  let head: RecordingHead | undefined;
  await replay(Readable.from(lines), {
    begins: (first) => void (head = first),
    stepped: (...step) => void shown.push(showStep(head!, ...step)),
  });
  expect(shown.join('\n')).toContain('red ');
  // oxlint-disable-next-line no-control-regex
  expect(shown.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
});
