import type { LocalParticipant, TextStreamWriter } from '@livekit/rtc-node';
import type { SegmentWriter } from '../../ports/room-link.ts';
import type { Publisher } from './publisher.ts';
import { describe, sendLegacy } from './transcription.ts';

/**
 * Opens a segment of a reply on `lk.transcription`, as LiveKit's front ends expect an agent's: one
 * stream of deltas, begun with the first text. A stream cannot change its attributes when it closes,
 * so the whole text follows as a second stream of the same segment that says it is final; front ends
 * keep the last one. After a cut that is how they learn how much was really said.
 */
export function openSegment(
  publisher: Publisher,
  segmentId: string,
  voiceTrackId?: string,
): SegmentWriter {
  let opening: Promise<TextStreamWriter> | undefined;
  let written = '';

  async function close(): Promise<void> {
    const stream = await opening?.catch(() => undefined);
    // A stream that failed is closed by the SDK; the final text is worth sending all the same.
    await stream?.close().catch(() => undefined);
  }

  async function append(
    ourselves: LocalParticipant,
    text: string,
    signal: AbortSignal,
  ): Promise<void> {
    opening ??= ourselves.streamText(describe(segmentId, false, voiceTrackId));
    const stream = await opening;
    signal.throwIfAborted();
    await stream.write(text);
  }

  /** The older packets name a track: a reply that is not spoken has none. */
  async function showOlder(
    ourselves: LocalParticipant,
    text: string,
    final: boolean,
  ): Promise<void> {
    if (voiceTrackId === undefined) return;
    const speaker = ourselves.identity;
    await sendLegacy(ourselves, { segmentId, text, final, speaker, trackId: voiceTrackId });
  }

  return {
    write: (text) =>
      publisher.publish('a segment', async (ourselves, signal) => {
        written += text;
        await Promise.all([append(ourselves, text, signal), showOlder(ourselves, written, false)]);
      }),
    end: (finalText) =>
      publisher.publish('the end of a segment', async (ourselves, signal) => {
        if (opening === undefined && finalText === '') return;
        await close();
        signal.throwIfAborted();
        await Promise.all([
          ourselves.sendText(finalText, describe(segmentId, true, voiceTrackId)),
          showOlder(ourselves, finalText, true),
        ]);
      }),
  };
}
