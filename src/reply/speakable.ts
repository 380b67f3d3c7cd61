import type { SpokenText } from '../conversation/events.ts';

/**
 * What of a model's sentence is shown and spoken: no markdown, code blocks, table frames, HTML,
 * emoji, nor any of `@#$%^&*`. The original goes along unchanged, for the context. The text may be
 * empty: then there is nothing to show.
 */
export function toSpokenText(original: string): SpokenText {
  return { text: isFence(original) ? '' : tidy(stripSymbols(stripMarkdown(original))), original };
}

function isFence(original: string): boolean {
  return /^\s*(```|~~~)/.test(original);
}

function stripMarkdown(text: string): string {
  return stripInline(stripLine(text));
}

/** What stands at the line's beginning, or frames a row of a table. */
function stripLine(text: string): string {
  if (/^\s*\|?[\s:|-]*-{2,}[\s:|-]*\|?\s*$/.test(text)) return '';
  if (/^\s*([-*_]\s*){3,}$/.test(text)) return '';
  const row = /^\s*\|(.+)\|\s*$/.exec(text)?.[1];
  if (row !== undefined) {
    return row
      .split('|')
      .map((cell) => cell.trim())
      .filter(Boolean)
      .join(', ');
  }
  return text.replace(/^\s*(?:>\s?)*(?:#{1,6}\s+|[-*+•]\s+)?/, '');
}

function stripInline(text: string): string {
  return text
    .replaceAll(/!?\[([^\][]*)\]\([^()\s]*(?:\s"[^"]*")?\)/g, '$1')
    .replaceAll(/<((?:https?|mailto):[^<>\s]+)>/g, '$1')
    .replaceAll(/<\/?[a-z][^<>]*>/gi, '')
    .replaceAll(/(?<![\p{L}\p{N}])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![\p{L}\p{N}])/gu, '')
    .replaceAll(/~~|`/g, '');
}

/** Whole emoji, then what is left of broken ones: modifiers, flags' halves, joiners, selectors. */
const EMOJI =
  /\p{RGI_Emoji}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200D|\uFE0E|\uFE0F|\u20E3/gv;

function stripSymbols(text: string): string {
  return text.replaceAll(EMOJI, '').replaceAll(/[@#$%^&*]/g, '');
}

function tidy(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
