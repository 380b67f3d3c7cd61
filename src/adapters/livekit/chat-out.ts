import type { LocalParticipant } from '@livekit/rtc-node';
import type { Clock } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import { CHAT_PACKET_TOPIC, CHAT_TOPIC } from './chat-wires.ts';
import type { Publisher } from './publisher.ts';

/**
 * Sends classic chat lines, one after the other in the order of the calls. Each goes out twice under
 * one id, as LiveKit's own components send theirs: as a text stream, and marked `ignoreLegacy` as the
 * older JSON for clients that know no streams.
 */
export function makeChatSender(
  publisher: Publisher,
  clock: Clock,
): (text: string) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (text) => {
    const line = last.then(() =>
      publisher.publish('a chat line', async (ourselves) => {
        const id = newId();
        await Promise.all([
          ourselves.sendText(text, { topic: CHAT_TOPIC, streamId: id }),
          sendLegacy(ourselves, { id, timestamp: clock.wallMs(), message: text }),
        ]);
      }),
    );
    last = line.catch(() => undefined);
    return line;
  };
}

async function sendLegacy(ourselves: LocalParticipant, message: object): Promise<void> {
  const json = JSON.stringify({ ...message, ignoreLegacy: true });
  await ourselves.publishData(new TextEncoder().encode(json), {
    reliable: true,
    topic: CHAT_PACKET_TOPIC,
  });
}
