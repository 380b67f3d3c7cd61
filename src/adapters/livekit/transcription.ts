import type { LocalParticipant } from '@livekit/rtc-node';

/** A text as front ends keep it: a later one of the same segment replaces it. */
export interface SpokenSegment {
  readonly segmentId: string;
  readonly text: string;
  readonly final: boolean;
  /** Identity of the speaker. */
  readonly speaker: string;
  /** The speaker's microphone. */
  readonly trackId: string;
}

/** How a stream on `lk.transcription` says what it is; without a track where there is no sound. */
export function describe(segmentId: string, final: boolean, trackId: string | undefined) {
  return {
    topic: 'lk.transcription',
    attributes: {
      'lk.segment_id': segmentId,
      'lk.transcription_final': String(final),
      ...(trackId !== undefined && { 'lk.transcribed_track_id': trackId }),
    },
  };
}

/** Sends a segment once more as the packet that older front ends read: always the whole text. */
export async function sendLegacy(
  ourselves: LocalParticipant,
  { segmentId, text, final, speaker, trackId }: SpokenSegment,
): Promise<void> {
  await ourselves.publishTranscription({
    participantIdentity: speaker,
    trackSid: trackId,
    segments: [{ id: segmentId, text, final, startTime: 0n, endTime: 0n, language: '' }],
  });
}
