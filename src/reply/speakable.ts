import type { SpokenText } from '../conversation/events.ts';
import { isCodeBlock } from './code-block.ts';

/**
 * What of a model's sentence is shown and spoken: no markdown, code blocks, table frames, HTML,
 * emoji, nor any of `@#$%^&*`. The original goes along unchanged, for the context. The text may be
 * empty: then there is nothing to show.
 */
export function toSpokenText(original: string): SpokenText {
  const apply = (text: string, [pattern, by]: Rule): string => text.replaceAll(pattern, by);
  return { text: rulesFor(original).reduce(apply, original), original };
}

/** A text, and for each UTF-16 unit of it where in the original it came from; offsets only grow. */
export interface TracedText {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** The text of `toSpokenText` and the way back into the original. */
export function traceSpokenText(original: string): TracedText {
  const offsets = Array.from({ length: original.length }, (_unit, at) => at);
  return rulesFor(original).reduce(replaceTraced, { text: original, offsets });
}

/** What of a text is replaced by what: by nothing, by a sign, or by its first group alone. */
type Rule = readonly [pattern: RegExp, by: '' | ' ' | ', ' | '$1' | '$1 '];

function rulesFor(original: string): readonly Rule[] {
  const line = original.trim();
  if (isCodeBlock(original) || isRule(line)) return NOTHING;
  const isRow = line.startsWith('|') || line.endsWith('|');
  return isRow ? ROW_RULES : LINE_RULES;
}

/** A line of its own, under a heading, or between a table's head and its rows. */
function isRule(line: string): boolean {
  if (/^[-*_=\s]{3,}$/.test(line)) return true;
  return /^[\s:|-]+$/.test(line) && line.includes('-') && /--|\|/.test(line);
}

/** A tag of HTML, or a comment; `a<b and c>d` is none. */
const TAG =
  /<!--.*?-->|<\/?[a-z][\w-]*(?:\s+[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*\/?>/gis;

/**
 * Whole emoji and pictures, but for signs that are read as words or marks (© ™ ‼ ↔), then what is
 * left of broken ones: modifiers, flags' halves, selectors, and joiners that join no letters.
 */
const EMOJI =
  /\p{RGI_Emoji}|[\p{Extended_Pictographic}--[©®™‼⁉\u2194-\u21AA]]|\p{Emoji_Modifier}|\p{Regional_Indicator}|(?<![\p{L}\p{M}])\u200D|[\uFE0E\uFE0F\u20E3]/gv;

const NOTHING: readonly Rule[] = [[/.+/gs, '']];

const INLINE_RULES: readonly Rule[] = [
  [/\\([!-/:-@[-`{-~])/g, '$1'],
  [/!?\[([^\][]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+"[^"]*")?\)/g, '$1'],
  [/<((?:https?|mailto):[^<>\s]+)>/g, '$1'],
  [TAG, ''],
  [/(?<![\p{L}\p{N}])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![\p{L}\p{N}])/gu, ''],
  [/~~|`/g, ''],
  [EMOJI, ''],
  [/[@#$%^&*]/g, ''],
  [/\s+/g, ' '],
  [/^ | $/g, ''],
];

/** What stands at the line's beginning goes first. */
const LINE_RULES: readonly Rule[] = [
  [/^\s*(?:>\s?)*(?:#{1,6}\s+|[-*+•]\s+(?:\[[ xX]\]\s+)?)?/g, ''],
  ...INLINE_RULES,
];

/** The cells of a table's row, as one says a list. */
const ROW_RULES: readonly Rule[] = [
  [/^[\s|]+/g, ''],
  [/(?<![\s|])[\s|]+$/g, ''],
  [/(?<![\s|])\s*\|[\s|]*/g, ', '],
  [/([.!?…:;,]), /g, '$1 '],
  ...INLINE_RULES,
];

/** As `replaceAll`; what is put in for something has the offset of its first unit. */
function replaceTraced({ text, offsets }: TracedText, [pattern, by]: Rule): TracedText {
  const kept: string[] = [];
  const from: number[] = [];
  const keep = (start: number, end: number): void => {
    kept.push(text.slice(start, end));
    for (let at = start; at < end; at += 1) from.push(offsets[at] ?? 0);
  };
  let done = 0;
  for (const match of text.matchAll(new RegExp(pattern, `${pattern.flags}d`))) {
    const { index } = match;
    const end = index + match[0].length;
    keep(done, index);
    const [first, last] = match.indices?.[1] ?? [index, index];
    if (by.startsWith('$1')) keep(first, last);
    const added = by.replace('$1', '');
    kept.push(added);
    for (const _unit of added) from.push(offsets[by === added ? index : last] ?? 0);
    done = end;
  }
  keep(done, text.length);
  return { text: kept.join(''), offsets: from };
}
