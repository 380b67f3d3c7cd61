import type { TimedAnswer } from './answers.ts';
import { gapsOf } from './gaps.ts';
import type { Gap } from './gaps.ts';
import { BOT, FAINT, INK, LETTER, PAPER, VISITOR } from './look.ts';
import { drawStages } from './stages.ts';
import { element, picture, text } from './svg.ts';
import type { Caption, ShownState, TalkRecord } from './talk-log.ts';
import { SOUND_RATE } from './tape.ts';

/** A talk by voice of two. */
export interface RecordedTalk {
  readonly visitor: Voice;
  readonly bot: Voice;
  readonly record: TalkRecord;
  /** To what the visitor said, as the bot took the times. */
  readonly answers: readonly TimedAnswer[];
}

/** Whose side it is, and how it sounded. */
interface Voice {
  readonly identity: string;
  readonly name: string;
  readonly sound: Int16Array;
}

const WIDTH = 1_120;
/** Without the answers' stages. */
const HEIGHT = 450;
const LEFT = 84;
const RIGHT = 24;
const LINE = 18;
/** Where each lane is, from top to bottom. */
const AT = {
  title: 30,
  visitorText: 74,
  visitor: 140,
  gaps: 208,
  bot: 266,
  botText: 328,
  states: 398,
  axis: 436,
};
const WAVE = 40;

const GAPS = { answer: '#b45309', silence: '#be123c' };
const STATES: Readonly<Record<string, string>> = {
  initializing: '#f3f4f6',
  listening: '#e5e7eb',
  thinking: '#fcd34d',
  speaking: '#99f6e4',
};

/**
 * Draws it: both sides, what the bot showed, how long each turn waited, and for what, as one SVG file.
 */
export function drawTimeline({ visitor, bot, record, answers }: RecordedTalk): string {
  const scale = (WIDTH - LEFT - RIGHT) / record.lengthMs;
  const x: Scale = (ms) => LEFT + Math.max(0, ms) * scale;
  const captionsOf = ({ identity }: Voice): readonly Caption[] =>
    record.captions.filter((one) => one.identity === identity);
  // Some lines a bot only writes.
  const isHeard = ({ fromMs, toMs }: Caption): boolean =>
    record.heard.some((sound) => sound.fromMs < toMs && fromMs < sound.toMs);
  const questionOf = ({ voicedMs }: TimedAnswer): string =>
    captionsOf(visitor)
      .findLast(({ fromMs }) => fromMs <= voicedMs)
      ?.text.trim() ?? '';
  const stages = drawStages(
    answers.map((answer) => ({ ...answer, question: questionOf(answer) })),
    { left: 20, right: WIDTH - RIGHT, top: HEIGHT + 16 },
  );
  const height = HEIGHT + stages.height;
  const title = `${visitor.name} and ${bot.name}: a talk by voice`;
  return picture({ width: WIDTH, height, background: PAPER, title }, [
    text(20, AT.title, title, { fill: INK, 'font-size': 17, 'font-weight': 600 }),
    ...legend(),
    ...axis(record.lengthMs, x),
    laneName(AT.visitor, visitor.name, VISITOR),
    laneName(AT.bot, bot.name, BOT),
    laneName(AT.states + 4, 'shows', FAINT),
    wave(visitor.sound, AT.visitor, VISITOR, x),
    wave(bot.sound, AT.bot, BOT, x),
    ...captions(captionsOf(visitor), AT.visitorText, x),
    ...captions(captionsOf(bot).filter(isHeard), AT.botText, x),
    ...gapsOf(record).flatMap((gap) => bracket(gap, x)),
    ...record.states.flatMap((shown) => block(shown, x)),
    ...stages.parts,
  ]);
}

/** What the marks mean, in the upper right corner. */
function legend(): readonly string[] {
  const marks = [
    [GAPS.answer, 'last word to first sound'],
    [GAPS.silence, 'first word to silence'],
    [STATES['thinking'] ?? '', 'thinking'],
  ] as const;
  let x = WIDTH - RIGHT;
  return marks.flatMap(([fill, words]) => {
    x -= words.length * LETTER + 34;
    const box = { x, y: AT.title - 11, width: 12, height: 12, rx: 2, fill };
    return [element('rect', box), text(x + 18, AT.title, words, { fill: FAINT, 'font-size': 13 })];
  });
}

/** Where on the picture a moment is. */
type Scale = (ms: number) => number;

function axis(lengthMs: number, x: Scale): readonly string[] {
  const seconds = Array.from({ length: Math.floor(lengthMs / 1_000) + 1 }, (_, at) => at);
  return seconds.flatMap((second) => {
    const at = x(second * 1_000);
    const named = second % 5 === 0;
    const [y1, y2] = [AT.title + 14, AT.axis - 12];
    const line = { x1: at, x2: at, y1, y2, stroke: named ? '#e5e7eb' : '#f3f4f6' };
    const label = { fill: FAINT, 'font-size': 12, 'text-anchor': 'middle' };
    return [element('line', line), ...(named ? [text(at, AT.axis, `${second} s`, label)] : [])];
  });
}

function laneName(y: number, name: string, fill: string): string {
  return text(20, y + 5, name, { fill, 'font-weight': 600 });
}

/** The loudest sample of each two pixels, mirrored. */
function wave(sound: Int16Array, y: number, stroke: string, x: Scale): string {
  const columns = new Map<number, number>();
  sound.forEach((sample, at) => {
    const column = Math.round(x((at / SOUND_RATE) * 1_000) / 2);
    columns.set(column, Math.max(columns.get(column) ?? 0, Math.abs(sample)));
  });
  const loudest = Math.max(1, ...columns.values());
  const strokes = [...columns].map(([column, level]) => {
    const half = Math.max(0.5, (level / loudest) * WAVE);
    return `M${column * 2} ${(y - half).toFixed(1)}v${(half * 2).toFixed(1)}`;
  });
  return element('path', { d: strokes.join(''), stroke, 'stroke-width': 1.6 });
}

/** Each at its beginning, wrapped so that it ends before the next one. */
function captions(all: readonly Caption[], y: number, x: Scale): readonly string[] {
  return all.flatMap((caption, at) => {
    const from = x(caption.fromMs);
    const next = all[at + 1];
    const width = (next === undefined ? WIDTH - RIGHT : x(next.fromMs) - 18) - from;
    const lines = wrapped(caption.text.trim(), Math.floor(width / LETTER));
    return lines.map((line, row) => text(from, y + row * LINE, line, { fill: INK }));
  });
}

function wrapped(words: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && longer.length <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** An answer's label stands beside it, a silence's above: they may follow each other closely. */
function bracket({ kind, fromMs, toMs }: Gap, x: Scale): readonly string[] {
  const [from, to] = [x(fromMs), x(toMs)];
  const stroke = GAPS[kind];
  const d = `M${from.toFixed(1)} ${AT.gaps - 7}v14m0 -7H${to.toFixed(1)}m0 -7v14`;
  const [labelX, labelY] = kind === 'answer' ? [to + 6, AT.gaps + 5] : [from, AT.gaps - 12];
  const label = { fill: stroke, 'font-size': 13, 'font-weight': 600 };
  return [
    element('path', { d, stroke, 'stroke-width': 2, fill: 'none' }),
    text(labelX, labelY, `${Math.round(toMs - fromMs)} ms`, label),
  ];
}

function block({ state, fromMs, toMs }: ShownState, x: Scale): readonly string[] {
  const width = x(toMs) - x(fromMs);
  const fill = STATES[state] ?? '#ffffff';
  const box = { x: x(fromMs), y: AT.states - 12, width, height: 24, fill };
  const fits = width > state.length * LETTER + 8;
  const label = { fill: INK, 'font-size': 13 };
  return [
    element('rect', box),
    ...(fits ? [text(x(fromMs) + 5, AT.states + 5, state, label)] : []),
  ];
}
