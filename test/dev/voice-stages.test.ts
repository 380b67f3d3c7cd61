import { describe, expect, it } from 'vitest';
import { answerOf } from '../../dev/voice/answers.ts';
import type { TimedAnswer } from '../../dev/voice/answers.ts';
import { INK, MODEL, VISITOR } from '../../dev/voice/look.ts';
import { openTalkLog } from '../../dev/voice/talk-log.ts';
import { SOUND_RATE } from '../../dev/voice/tape.ts';
import { drawTimeline } from '../../dev/voice/timeline.ts';
import type { WorkerLogLine } from '../../dev/worker-process.ts';
import { openReplyTimes } from '../../src/mode/reply-times.ts';
import type { Mark } from '../../src/reply/mark.ts';
import { openFakeVoiceTrack } from '../support/fake-voice-track.ts';
import { openHandClock } from '../support/hand-clock.ts';
import type { HandClock } from '../support/hand-clock.ts';

const BEGAN = 5_000;
const ANN = { identity: 'ann', name: 'Ann', kind: 'human' } as const;

describe('what a worker tells of an answer', () => {
  it('is each stage where it lay in the talk', () => {
    const answer = timed((talk) => {
      talk.hears();
      talk.makes(talk.begins());
      talk.plays();
    });
    expect(answer).toEqual({
      voicedMs: 1_000,
      decidedMs: 1_260,
      drafted: false,
      wholeMs: 260 + 270 + 90 + 7,
      stages: [
        { name: 'endpoint', fromMs: 1_000, toMs: 1_260 },
        { name: 'STT final', fromMs: 1_000, toMs: 1_240 },
        { name: 'LLM first token', fromMs: 1_260, toMs: 1_460 },
        { name: 'first chunk', fromMs: 1_260, toMs: 1_530 },
        { name: 'TTS first byte', fromMs: 1_530, toMs: 1_620 },
        { name: 'first frame', fromMs: 1_620, toMs: 1_627 },
      ],
    });
  });

  it('has a draft’s model and voice before the decision, and its first frame behind it', () => {
    const answer = timed((talk) => {
      talk.makes(talk.drafts());
      talk.hears();
      talk.decides();
      talk.plays();
    });
    expect(answer).toMatchObject({ voicedMs: 1_360, decidedMs: 1_620, drafted: true });
    expect(answer?.stages.slice(2)).toEqual([
      { name: 'LLM first token', fromMs: 1_000, toMs: 1_200 },
      { name: 'first chunk', fromMs: 1_000, toMs: 1_270 },
      { name: 'TTS first byte', fromMs: 1_270, toMs: 1_360 },
      { name: 'first frame', fromMs: 1_620, toMs: 1_627 },
    ]);
  });

  it('is left out where nobody spoke', () => {
    const answer = timed((talk) => {
      talk.makes(talk.begins());
      talk.plays();
    });
    expect(answer).toBeUndefined();
  });
});

describe('the picture', () => {
  const stages = [
    { name: 'endpoint', fromMs: 1_000, toMs: 1_260 },
    { name: 'LLM first token', fromMs: 1_260, toMs: 1_463 },
    { name: 'first frame', fromMs: 1_620, toMs: 1_621 },
  ] as const;
  const answer = { voicedMs: 1_000, decidedMs: 1_260, drafted: false, wholeMs: 621, stages };
  const draft: TimedAnswer = {
    voicedMs: 3_000,
    decidedMs: 3_260,
    drafted: true,
    wholeMs: 264,
    stages: [{ name: 'LLM first token', fromMs: 2_950, toMs: 3_151 }],
  };

  it('names every stage and how long it took, under the words that were answered', () => {
    const words = wordsOf(draw([answer, draft]));
    const panel = words.slice(words.findIndex((one) => one.startsWith('What each answer took')));
    for (const one of ['endpoint', 'STT final', 'first chunk', 'TTS first byte', 'first frame'])
      expect(panel).toContain(one);
    expect(panel.filter((one) => one.endsWith(' ms') && !one.includes('after'))).toEqual([
      '260 ms',
      '203 ms',
      '1 ms',
      '201 ms',
    ]);
    expect(panel).toEqual(expect.arrayContaining(['What now?', 'And then?']));
    expect(panel).toContain('voice out after 621 ms');
    expect(panel).toContain('voice out after 264 ms, drafted');
  });

  it('has all answers on one scale, a draft before the line from which on it may be heard', () => {
    const svg = draw([answer, draft]);
    const [first, second] = rects(svg, MODEL);
    // Beside the legend's line.
    const [, asked, drafted] = decisions(svg);
    expect(first!.width / 203).toBeCloseTo(second!.width / 201, 2);
    // Its column is as wide as what all of them took, and no wider.
    expect(first!.width).toBeGreaterThan(40);
    expect(first!.x).toBeCloseTo(asked!, 0);
    expect(second!.x + second!.width).toBeLessThan(drafted!);
    expect(second!.x).toBeGreaterThan(first!.x + first!.width);
  });

  it('shows a final that came before the last sound as it was', () => {
    const early = { name: 'STT final', fromMs: 1_000, toMs: 900 } as const;
    const svg = draw([{ ...answer, stages: [...stages, early] }]);
    expect(wordsOf(svg)).toContain('-100 ms');
    const [endpoint, final] = rects(svg, VISITOR);
    expect(final!.x + final!.width).toBeCloseTo(endpoint!.x, 0);
    expect(final!.width / 100).toBeCloseTo(endpoint!.width / 260, 2);
  });

  it('grows with the answers, and has no place for them where there are none', () => {
    const heightOf = (svg: string): number => Number(/ height="(\d+)"/.exec(svg)![1]);
    const [none, one, four, five] = [0, 1, 4, 5].map((count) =>
      heightOf(draw(Array.from({ length: count }, () => answer))),
    );
    expect(one).toBeGreaterThan(none!);
    expect(four).toBe(one);
    expect(five! - four!).toBeGreaterThan(100);
    expect(wordsOf(draw([])).join()).not.toContain('What each answer took');
  });
});

/** The stages of one answer as its bot takes them, through the line in its log. */
function timed(happens: (talk: ReturnType<typeof openBot>) => void): TimedAnswer | undefined {
  const clock = openHandClock();
  clock.jumpWall(BEGAN);
  clock.pass(1_000);
  const told: string[] = [];
  const bot = openBot(clock, told);
  happens(bot);
  bot.ends();
  return answerOf(JSON.parse(told[0]!) as WorkerLogLine, BEGAN);
}

function openBot(clock: HandClock, told: string[]) {
  const times = openReplyTimes({ clock, observe: (one) => void told.push(JSON.stringify(one)) });
  const track = times.watch(openFakeVoiceTrack(clock));
  const decides = (): void => times.decide(1);
  return {
    /** Her last words come 240 ms after she fell silent, and 20 later her turn is certain. */
    hears(): void {
      times.voiced('ann', clock.monotonicMs());
      clock.pass(240);
      const words = { person: ANN, text: 'Well?', audioFrom: 0, audioTo: 500 };
      times.heard({ type: 'words-heard', final: true, ...words });
      clock.pass(20);
      times.shown({ turnId: 'u1', speaker: 'ann', text: 'Well?', final: true });
    },
    begins(): Mark {
      const mark = times.begin(1, 'u1', 'reply');
      decides();
      return mark;
    },
    drafts: (): Mark => times.begin(1, 'u1', 'draft'),
    decides,
    /** A model of 200 ms and 70 more for the sentence, a voice of 90. */
    makes(mark: Mark): void {
      mark('model-asked');
      clock.pass(200);
      mark('first-token');
      clock.pass(70);
      mark('first-chunk');
      mark('voice-asked');
      clock.pass(90);
      mark('first-sound');
    },
    plays(): void {
      clock.pass(7);
      void track.push(new Int16Array(480).fill(5_000));
    },
    ends: (): void => times.end(1),
  };
}

function draw(answers: readonly TimedAnswer[]): string {
  const log = openTalkLog(0);
  log.caption('anna', 's1', 'What now?', 400);
  log.caption('anna', 's2', 'And then?', 2_500);
  const sound = new Int16Array(SOUND_RATE);
  return drawTimeline({
    visitor: { identity: 'anna', name: 'Anna', sound },
    bot: { identity: 'bot', name: 'Mira', sound },
    record: log.read(4_000),
    answers,
  });
}

function wordsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, one]) => one!);
}

function rects(svg: string, fill: string): readonly { x: number; width: number }[] {
  return [...svg.matchAll(/<rect x="([\d.]+)"[^>]* width="([\d.]+)"[^>]* fill="([^"]+)"/g)]
    .filter(([, , , colour]) => colour === fill)
    .map(([, x, width]) => ({ x: Number(x), width: Number(width) }));
}

/** Where the lines stand from which on something may be heard. */
function decisions(svg: string): readonly number[] {
  const lines = svg.matchAll(/<path d="M([\d.]+) [^"]*" stroke="([^"]+)" stroke-dasharray/g);
  return [...lines].filter(([, , stroke]) => stroke === INK).map(([, x]) => Number(x));
}
