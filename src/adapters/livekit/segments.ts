import type { TextStreamWriter } from '@livekit/rtc-node';
import type { SegmentWriter } from '../../ports/room-link.ts';
import type { Publisher } from './publisher.ts';

/**
 * Opens a segment of a reply on `lk.transcription`, as LiveKit's front ends expect an agent's: one
 * stream of deltas, begun with the first text. A stream cannot change its attributes when it closes,
 * so the whole text follows as a second stream of the same segment that says it is final; front ends
 * keep the last one. After a cut that is how they learn how much was really said.
 */
export function openSegment(publisher: Publisher, segmentId: string): SegmentWriter {
  let opening: Promise<TextStreamWriter> | undefined;

  async function close(): Promise<void> {
    const stream = await opening?.catch(() => undefined);
    // A stream that failed is closed by the SDK; the final text is worth sending all the same.
    await stream?.close().catch(() => undefined);
  }

  return {
    write: (text) =>
      publisher.publish('a segment', async (ourselves) => {
        opening ??= ourselves.streamText(describe(segmentId, false));
        const stream = await opening;
        await stream.write(text);
      }),
    end: (finalText) =>
      publisher.publish('the end of a segment', async (ourselves) => {
        if (opening === undefined && finalText === '') return;
        await close();
        await ourselves.sendText(finalText, describe(segmentId, true));
      }),
  };
}

function describe(segmentId: string, isFinal: boolean) {
  return {
    topic: 'lk.transcription',
    attributes: {
      'lk.segment_id': segmentId,
      'lk.transcription_final': String(isFinal),
    },
  };
}
