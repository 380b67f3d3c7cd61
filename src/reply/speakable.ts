import type { SpokenText } from '../conversation/events.ts';
import { isCodeBlock } from './code-block.ts';

/**
 * What of a model's sentence is shown and spoken: no markdown, code blocks, table frames, HTML,
 * emoji, nor any of `@#$%^&*`. The original goes along unchanged, for the context. The text may be
 * empty: then there is nothing to show.
 */
export function toSpokenText(original: string): SpokenText {
  return {
    text: isCodeBlock(original) ? '' : tidy(stripSymbols(stripMarkdown(original))),
    original,
  };
}

function stripMarkdown(text: string): string {
  return stripInline(stripLine(text));
}

/** What stands at the line's beginning, or frames a row of a table. */
function stripLine(text: string): string {
  const line = text.trim();
  if (isRule(line)) return '';
  if (line.startsWith('|') || line.endsWith('|')) return readRow(line);
  return line.replace(/^(?:>\s?)*(?:#{1,6}\s+|[-*+•]\s+(?:\[[ xX]\]\s+)?)?/, '');
}

/** A line of its own, under a heading, or between a table's head and its rows. */
function isRule(line: string): boolean {
  if (/^[-*_=\s]{3,}$/.test(line)) return true;
  return /^[\s:|-]+$/.test(line) && line.includes('-') && /--|\|/.test(line);
}

/** The cells of a table's row, as one says a list. */
function readRow(line: string): string {
  const cells = line.split('|').map((cell) => cell.trim());
  return cells
    .filter(Boolean)
    .join(', ')
    .replaceAll(/([.!?…:;,]), /g, '$1 ');
}

function stripInline(text: string): string {
  return text
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll(/!?\[([^\][]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+"[^"]*")?\)/g, '$1')
    .replaceAll(/<((?:https?|mailto):[^<>\s]+)>/g, '$1')
    .replaceAll(TAG, '')
    .replaceAll(/(?<![\p{L}\p{N}])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![\p{L}\p{N}])/gu, '')
    .replaceAll(/~~|`/g, '');
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

function stripSymbols(text: string): string {
  return text.replaceAll(EMOJI, '').replaceAll(/[@#$%^&*]/g, '');
}

function tidy(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
