import { useLocalParticipant } from '@livekit/components-react';
import type { LocalParticipant, RemoteParticipant } from 'livekit-client';
import { useEffect, useRef } from 'react';
import { typedSinceAnswer } from './lines.ts';
import type { Line } from './lines.ts';

/**
 * Sends what we typed and nobody answered once more to each character that comes in, under the ids that
 * it had: LiveKit keeps nothing for who is not there. A character knows by the id what the one before it
 * was told already.
 */
export function useSentAgain(
  agent: RemoteParticipant | undefined,
  listens: boolean,
  lines: readonly Line[],
): void {
  const { localParticipant } = useLocalParticipant();
  const [sid, identity] = [agent?.sid, agent?.identity];
  const before = useRef<{ readonly sid?: string | undefined; readonly open: readonly Line[] }>({
    open: [],
  });
  const due = useRef<ReadonlyMap<string, Line>>(new Map());
  useEffect(() => {
    const { sid: sidBefore, open } = before.current;
    // What was open before it came: what it says when it comes in answers nothing.
    if (sid !== sidBefore) due.current = new Map([...due.current, ...open.map(byId)]);
    before.current = { sid, open: typedSinceAnswer(lines, Date.now()) };
  }, [sid, lines]);
  useEffect(() => {
    if (sid === undefined || identity === undefined || !listens) return;
    const again = [...due.current.values()];
    due.current = new Map();
    // What gets lost again is sent again to the next one.
    void sendAgain(localParticipant, identity, again).catch(() => undefined);
  }, [sid, identity, listens, localParticipant]);
}

/** As streams: they name their sender also to a newcomer, to whom nobody else is announced yet. */
async function sendAgain(
  ourselves: LocalParticipant,
  to: string,
  lines: readonly Line[],
): Promise<void> {
  for (const { id, text } of lines) {
    const options = { topic: 'lk.chat', streamId: id, destinationIdentities: [to] };
    const stream = await ourselves.streamText(options);
    await stream.write(text);
    await stream.close();
  }
}

function byId(line: Line): readonly [string, Line] {
  return [line.id, line];
}
