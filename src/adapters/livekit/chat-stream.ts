import type { TextStreamReader } from '@livekit/rtc-node';
import type { Clock } from '../../lib/clock.ts';
import { DeadlineExceeded, withDeadline } from '../../lib/deadline.ts';
import { MAX_CHAT_BYTES, refused, taken } from './chat-wires.ts';
import type { ChatRead } from './chat-wires.ts';

/** How long a sender may take to end a stream. */
const LONGEST_STREAM_MS = 5_000;

/**
 * Reads one text stream to its end, within bounds of time and size; never throws. A reader that is
 * not read to its end listens for the life of the process, so it is closed on every path.
 */
export async function readChatStream(reader: TextStreamReader, clock: Clock): Promise<ChatRead> {
  try {
    if ((reader.info.totalSize ?? 0) > MAX_CHAT_BYTES) return refused('too-long');
    const text = await withDeadline(clock, LONGEST_STREAM_MS, () => readBounded(reader));
    return text === undefined ? refused('too-long') : taken(reader.info.streamId, text);
  } catch (error) {
    return refused(whyUnread(error));
  } finally {
    await reader.close();
  }
}

async function readBounded(reader: TextStreamReader): Promise<string | undefined> {
  let text = '';
  let bytes = 0;
  for await (const chunk of reader) {
    bytes += Buffer.byteLength(chunk);
    if (bytes > MAX_CHAT_BYTES) return undefined;
    text += chunk;
  }
  return text;
}

/** The native library tells why a stream ended early in words only. */
function whyUnread(error: unknown): 'not-utf8' | 'too-long' | 'unfinished' {
  if (error instanceof DeadlineExceeded || !(error instanceof Error)) return 'unfinished';
  if (/utf-?8/i.test(error.message)) return 'not-utf8';
  return /size|exceed|too (?:long|large)/i.test(error.message) ? 'too-long' : 'unfinished';
}
