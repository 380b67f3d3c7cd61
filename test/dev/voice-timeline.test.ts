import { describe, expect, it } from 'vitest';
import { gapsOf } from '../../dev/voice/gaps.ts';
import { openTalkLog } from '../../dev/voice/talk-log.ts';
import { openTape, SOUND_RATE, toWav } from '../../dev/voice/tape.ts';
import { drawTimeline } from '../../dev/voice/timeline.ts';

const FRAME_MS = 20;
const loudFrame = (): Int16Array => new Int16Array((SOUND_RATE * FRAME_MS) / 1_000).fill(1_000);

describe('a tape', () => {
  it('puts a burst where its sound belongs, and leaves a real pause', () => {
    const tape = openTape(0);
    // Five frames are due every 20 ms from 0 on; three of them come late, at once.
    for (const atMs of [0, 20, 300, 301, 302, 800]) tape.write(atMs, loudFrame());
    const sound = tape.samples();
    const loudMs = (fromMs: number, toMs: number): number =>
      sound.subarray(fromMs * 16, toMs * 16).filter((sample) => sample !== 0).length / 16;
    expect(loudMs(0, 40)).toBe(40);
    expect(loudMs(262, 322)).toBe(60);
    expect(loudMs(800, 820)).toBe(20);
    expect(loudMs(0, 820)).toBe(120);
  });

  it('makes a WAV of two sides, the shorter one silent at its end', () => {
    const wav = Buffer.from(toWav(Int16Array.of(1, 2), Int16Array.of(-1)));
    expect(wav.readUInt16LE(22)).toBe(2);
    expect([44, 46, 48, 50].map((at) => wav.readInt16LE(at))).toEqual([1, -1, 2, 0]);
  });
});

describe('a talk’s record', () => {
  it('knows how long each turn waited for an answer, and an interruption for silence', () => {
    const log = openTalkLog(1_000);
    log.said(1_100, 2_000);
    log.sound(true, 2_600);
    log.said(4_000, 5_000);
    log.sound(false, 4_300);
    log.sound(true, 5_700);
    log.said(9_000, 9_500);
    const record = log.read(11_000);
    expect(record.heard.at(-1)).toEqual({ fromMs: 4_700, toMs: 10_000 });
    expect(gapsOf(record)).toEqual([
      { kind: 'answer', fromMs: 1_000, toMs: 1_600 },
      { kind: 'silence', fromMs: 3_000, toMs: 3_300 },
      { kind: 'answer', fromMs: 4_000, toMs: 4_700 },
      { kind: 'silence', fromMs: 8_000, toMs: 10_000 },
    ]);
  });

  it('keeps of a caption its last words and its first moment', () => {
    const log = openTalkLog(0);
    log.caption('anna', 's1', 'Hi', 100);
    log.caption('anna', 's1', 'Hi there.', 200);
    log.caption('anna', 's1', 'Hi there.', 900);
    log.caption('bot', 's2', '', 900);
    expect(log.read(1_000).captions).toEqual([
      { identity: 'anna', text: 'Hi there.', fromMs: 100, toMs: 200 },
    ]);
  });
});

it('is drawn with every word, state and gap, whatever signs are in them', () => {
  const log = openTalkLog(0);
  log.state('listening', 0);
  log.said(100, 900);
  log.caption('anna', 's1', 'Is 1 < 2 & "true"?', 300);
  log.sound(true, 1_512);
  log.state('speaking', 1_500);
  log.caption('bot', 's2', 'It is.', 2_000);
  const sound = new Int16Array(SOUND_RATE).fill(900);
  const svg = drawTimeline({
    visitor: { identity: 'anna', name: 'Anna', sound },
    bot: { identity: 'bot', name: 'Mira', sound },
    record: log.read(4_000),
    answers: [],
  });
  const words = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, one]) => one);
  expect(words).toEqual(expect.arrayContaining(['Anna', 'Mira', '612 ms', 'It is.', 'speaking']));
  expect(words.join(' ')).toContain('Is 1 &lt; 2 &amp; &quot;true&quot;?');
});
