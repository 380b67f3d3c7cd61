import type { Clock } from '../lib/clock.ts';
import { estimateUsage } from '../memory/estimate-usage.ts';
import type { LlmEvent, LlmMessage, LlmUsage } from '../ports/llm.ts';
import type { TurnRecord } from '../ports/memory-store.ts';

/** The books of one reply: what it cost and when its stages were reached. */
export interface ReplyBooks {
  readEvent(event: LlmEvent): void;
  /** Something of it is in the room. */
  audible(): void;
  /** A word of it is. */
  heard(): void;
  close(outcome: TurnRecord['outcome']): TurnRecord;
}

/**
 * Opens the books of a reply. A provider tells usage only at a stream's end; where a reply was cut,
 * its tokens are estimated from the text, so that they are counted all the same.
 */
export function openBooks(
  clock: Clock,
  about: { readonly id: string; readonly model: string; readonly prompt: readonly LlmMessage[] },
): ReplyBooks {
  const startedAt = clock.monotonicMs();
  const since = (): number => Math.round(clock.monotonicMs() - startedAt);
  let usage: LlmUsage | undefined;
  let text = '';
  let firstTokenMs: number | undefined;
  let audibleMs: number | undefined;
  let isHeard = false;
  return {
    readEvent(event) {
      if (event.type === 'usage') usage = event.usage;
      if (event.type !== 'text-delta') return;
      firstTokenMs ??= since();
      text += event.text;
    },
    audible() {
      audibleMs ??= since();
    },
    heard() {
      isHeard = true;
    },
    close: (outcome) => ({
      id: about.id,
      at: clock.wallMs(),
      outcome,
      model: about.model,
      ...(usage ?? estimateUsage(about.prompt, text)),
      durationMs: since(),
      ...(firstTokenMs !== undefined && { firstTokenMs }),
      ...(isHeard && audibleMs !== undefined && { firstSegmentMs: audibleMs }),
    }),
  };
}
