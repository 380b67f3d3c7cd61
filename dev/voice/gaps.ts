import type { Stretch, TalkRecord } from './talk-log.ts';

/** How long the visitor waited for the bot's voice, or for its silence. */
export interface Gap extends Stretch {
  readonly kind: 'answer' | 'silence';
}

/**
 * What each turn of the visitor was followed by: from its last word to the bot's first sound, and,
 * where it was spoken into the bot's voice, from its first word to the end of that.
 */
export function gapsOf({ said, heard }: Pick<TalkRecord, 'said' | 'heard'>): readonly Gap[] {
  return said.flatMap((turn, at): readonly Gap[] => {
    const next = said[at + 1]?.fromMs ?? Infinity;
    const voice = heard.find(({ fromMs, toMs }) => fromMs < turn.fromMs && turn.fromMs < toMs);
    const answer = heard.find(({ fromMs }) => fromMs > turn.toMs && fromMs < next);
    return [
      ...(voice ? [{ kind: 'silence', fromMs: turn.fromMs, toMs: voice.toMs } as const] : []),
      ...(answer ? [{ kind: 'answer', fromMs: turn.toMs, toMs: answer.fromMs } as const] : []),
    ];
  });
}
