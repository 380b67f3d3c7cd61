import { useLocalParticipant } from '@livekit/components-react';
import type { RemoteParticipant } from 'livekit-client';
import { useEffect, useRef } from 'react';
import { unanswered } from './lines.ts';
import type { Line } from './lines.ts';

/**
 * Sends what we wrote and nobody answered once more to each character that comes in, under the ids that
 * it had: LiveKit keeps nothing for who is not there. A character knows by the id what the one before it
 * was told already.
 */
export function useSentAgain(
  agent: RemoteParticipant | undefined,
  listens: boolean,
  lines: readonly Line[],
): void {
  const { localParticipant } = useLocalParticipant();
  const sid = agent?.sid;
  const before = useRef<{ readonly sid?: string | undefined; readonly open: readonly Line[] }>({
    open: [],
  });
  const due = useRef<readonly Line[]>([]);
  useEffect(() => {
    // What was open before it came: what it says when it comes in answers nothing.
    if (sid !== before.current.sid) due.current = before.current.open;
    before.current = { sid, open: unanswered(lines) };
  }, [sid, lines]);
  useEffect(() => {
    if (agent === undefined || !listens) return;
    const [again, to] = [due.current, { destinationIdentities: [agent.identity] }];
    due.current = [];
    for (const { id, text: message } of again) {
      const packet = JSON.stringify({ id, message, timestamp: Date.now() });
      localParticipant
        .publishData(new TextEncoder().encode(packet), { reliable: true, topic: PACKET, ...to })
        // What gets lost again is sent again to the next one.
        .catch(() => undefined);
    }
  }, [agent, listens, localParticipant]);
}

/** Chat as a data packet: unlike a text stream it reaches the one it is for under any id. */
const PACKET = 'lk-chat-topic';
