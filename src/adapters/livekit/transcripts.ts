import type { LocalParticipant } from '@livekit/rtc-node';
import type { Observe } from '../../ports/observe.ts';
import type { Transcript } from '../../ports/room-sound.ts';
import type { Publisher } from './publisher.ts';
import { describe, sendLegacy } from './transcription.ts';

/**
 * Shows what people say, as LiveKit's front ends read it: each transcript is a stream of its own on
 * `lk.transcription` in the speaker's name. Of a segment one is on its way at a time, and of those
 * that come meanwhile only the last goes out after it, so that none overtakes another.
 */
export function makeTranscriptSender(
  publisher: Publisher,
  isUp: () => boolean,
  observe: Observe,
): (transcript: Transcript) => void {
  /** The next of each segment that has one on its way. */
  const waiting = new Map<string, Transcript | undefined>();

  async function send(first: Transcript): Promise<void> {
    for (let next: Transcript | undefined = first; next !== undefined;) {
      waiting.set(first.segmentId, undefined);
      await show(next);
      next = waiting.get(first.segmentId);
    }
    waiting.delete(first.segmentId);
  }

  async function show(transcript: Transcript): Promise<void> {
    if (!isUp()) return;
    try {
      await publisher.publish('a transcript', (ourselves) => publish(ourselves, transcript));
    } catch (error) {
      observe({ type: 'publish-failed', what: 'transcript', error });
    }
  }

  return (transcript) => {
    if (waiting.has(transcript.segmentId)) waiting.set(transcript.segmentId, transcript);
    else void send(transcript);
  };
}

async function publish(ourselves: LocalParticipant, transcript: Transcript): Promise<void> {
  await Promise.all([sendStream(ourselves, transcript), sendLegacy(ourselves, transcript)]);
}

/** By hand, because the SDK's `sendText` knows no other sender than ourselves. */
async function sendStream(
  ourselves: LocalParticipant,
  { segmentId, final, trackId, speaker, text }: Transcript,
): Promise<void> {
  const writer = await ourselves.streamText({
    ...describe(segmentId, final, trackId),
    senderIdentity: speaker,
  });
  try {
    await writer.write(text);
  } finally {
    await writer.close();
  }
}
