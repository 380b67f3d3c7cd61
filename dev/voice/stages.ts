import type { StageName, Stage, TimedAnswer } from './answers.ts';
import { BOT, FAINT, INK, LETTER, MODEL, PAPER, VISITOR } from './look.ts';
import { element, text } from './svg.ts';

/** An answer, and the words that it answers. */
export interface ShownAnswer extends TimedAnswer {
  readonly question: string;
}

/** Where the panel begins, and how far it reaches, in px. */
interface Place {
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

/** What of a picture is drawn, and how high it is, in px. */
interface Panel {
  readonly parts: readonly string[];
  readonly height: number;
}

const COLUMNS = 4;
const ROW = 22;
const BAR = 12;
/** Where each part of the panel is: the columns below its title, in each the bars below the question. */
const AT = { columns: 40, bars: 44 };
/** Room for the names of the stages, between two columns, and for a bar's label. */
const NAMES = 116;
const GUTTER = 24;
const LABEL = 52;

const COLOURS: Readonly<Record<StageName, string>> = {
  endpoint: VISITOR,
  'STT final': VISITOR,
  'LLM first token': MODEL,
  'first chunk': MODEL,
  'TTS first byte': BOT,
  'first frame': BOT,
};
const NAMED = Object.keys(COLOURS);
const BARS = NAMED.length * ROW;
/** Of a row of columns, with its axis and what keeps it from the next. */
const BAND = AT.bars + BARS + 46;

/**
 * Draws of which stages each answer was made, a column for each and all on one scale: 0 is the last
 * voiced sample of the question.
 */
export function drawStages(answers: readonly ShownAnswer[], { left, right, top }: Place): Panel {
  if (answers.length === 0) return { parts: [], height: 0 };
  const pitch = (right - left - NAMES + GUTTER) / COLUMNS;
  const scale = scaleOf(answers, pitch - GUTTER - LABEL);
  const bandTop = (at: number): number => top + AT.columns + Math.floor(at / COLUMNS) * BAND;
  const title = 'What each answer took, in ms from the last voiced sample of its question on';
  const parts = [
    text(left, top + 14, title, { fill: INK, 'font-weight': 600 }),
    ...legend(right, top + 14),
    ...answers.flatMap((answer, at) => [
      ...(at % COLUMNS === 0 ? stageNames(left, bandTop(at)) : []),
      ...column(answer, scale, {
        left: left + NAMES + (at % COLUMNS) * pitch,
        right: left + NAMES + (at % COLUMNS) * pitch + pitch - GUTTER,
        top: bandTop(at),
      }),
    ]),
  ];
  return { parts, height: AT.columns + Math.ceil(answers.length / COLUMNS) * BAND };
}

/** Of a column: px from its left at ms from the last voiced sample. */
interface Scale {
  readonly px: (ms: number) => number;
  readonly ticks: readonly number[];
}

/** A draft may begin before the last voiced sample. */
function scaleOf(answers: readonly TimedAnswer[], width: number): Scale {
  const all = answers.flatMap(({ voicedMs, decidedMs, stages }) =>
    [decidedMs ?? voicedMs, ...stages.flatMap(({ fromMs, toMs }) => [fromMs, toMs])].map(
      (ms) => ms - voicedMs,
    ),
  );
  const [from, to] = [Math.min(0, ...all), Math.max(1, ...all)];
  const px = (ms: number): number => ((ms - from) / (to - from)) * width;
  const step = [100, 200, 500, 1_000, 2_000].find((ms) => px(ms) - px(0) >= 36) ?? 5_000;
  const first = Math.ceil(from / step);
  const ticks = Array.from(
    { length: Math.floor(to / step) - first + 1 },
    (_, at) => (first + at) * step,
  );
  return { px, ticks };
}

function legend(right: number, y: number): readonly string[] {
  const words = 'from here on it may be heard';
  const x = right - words.length * LETTER + 20;
  return [decision(x - 8, y - 12, 16), text(x, y, words, { fill: FAINT, 'font-size': 13 })];
}

function decision(x: number, y: number, height: number): string {
  return element('path', {
    d: `M${x.toFixed(1)} ${y}v${height}`,
    stroke: INK,
    'stroke-dasharray': '3 2',
  });
}

function stageNames(left: number, top: number): readonly string[] {
  return NAMED.map((name, row) =>
    text(left, rowOf(row, top) + 5, name, { fill: FAINT, 'font-size': 13 }),
  );
}

function column(answer: ShownAnswer, scale: Scale, { left, right, top }: Place): readonly string[] {
  const { question, voicedMs, decidedMs, stages } = answer;
  const x = (ms: number): number => left + scale.px(ms - voicedMs);
  const bars = top + AT.bars;
  const decided = decidedMs === undefined ? [] : [decision(x(decidedMs), bars - 4, BARS + 4)];
  return [
    text(left, top + 12, shortened(question, (right - left) / LETTER), { fill: INK }),
    text(left, top + 31, summary(answer), { fill: FAINT, 'font-size': 13 }),
    ...scale.ticks.flatMap((ms) => tick(ms, left + scale.px(ms), bars)),
    ...stages.map((stage) => bar(stage, x, top)),
    ...decided,
    ...stages.map((stage) => label(stage, x, top)),
  ];
}

function shortened(words: string, most: number): string {
  return words.length <= most ? words : `${words.slice(0, most - 1).trimEnd()}…`;
}

function summary({ wholeMs, drafted }: TimedAnswer): string {
  const whole = wholeMs === undefined ? 'no voice' : `voice out after ${wholeMs} ms`;
  return drafted ? `${whole}, drafted` : whole;
}

function tick(ms: number, x: number, top: number): readonly string[] {
  const [y1, y2] = [top - 4, top + BARS];
  const line = { x1: x, x2: x, y1, y2, stroke: ms === 0 ? '#9ca3af' : '#e5e7eb' };
  const named = { fill: FAINT, 'font-size': 12, 'text-anchor': 'middle' };
  return [element('line', line), text(x, y2 + 15, String(ms), named)];
}

function bar({ name, fromMs, toMs }: Stage, x: Where, top: number): string {
  const [from, to] = [x(Math.min(fromMs, toMs)), x(Math.max(fromMs, toMs))];
  const y = rowOf(NAMED.indexOf(name), top) - BAR / 2;
  const width = Math.max(2, to - from);
  return element('rect', { x: from, y, width, height: BAR, rx: 2, fill: COLOURS[name] });
}

/** Behind its bar, and readable where lines cross it. */
function label({ name, fromMs, toMs }: Stage, x: Where, top: number): string {
  const halo = { stroke: PAPER, 'stroke-width': 3, 'paint-order': 'stroke' };
  const look = { fill: COLOURS[name], 'font-size': 13, ...halo };
  const y = rowOf(NAMED.indexOf(name), top) + 5;
  return text(x(Math.max(fromMs, toMs)) + 6, y, `${Math.round(toMs - fromMs)} ms`, look);
}

type Where = (ms: number) => number;

/** Its middle. */
function rowOf(row: number, top: number): number {
  return top + AT.bars + row * ROW + ROW / 2;
}
