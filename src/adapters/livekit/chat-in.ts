import { RoomEvent } from '@livekit/rtc-node';
import type { Participant, Room } from '@livekit/rtc-node';
import type { Clock } from '../../lib/clock.ts';
import type { ChatWire, LinkEvent } from '../../ports/room-link.ts';
import { readChatStream } from './chat-stream.ts';
import { CHAT_TOPIC, parseChatMessage, parseChatPacket, refused } from './chat-wires.ts';
import type { ChatRead } from './chat-wires.ts';
import { toPerson, toStranger } from './people.ts';

/** Most messages of one sender that wait for the end of an earlier one; further ones are refused. */
const MAX_WAITING = 256;

/** The messages of one sender that began to arrive and are not passed on yet. */
interface Line {
  waiting: number;
  last: Promise<void> | undefined;
}

/**
 * Takes in chat from the three wires on which clients send it. A sender's messages keep the order in
 * which they began to arrive, also where a later stream ends before an earlier one; a slow sender
 * holds up nobody else.
 */
export function receiveChat(room: Room, clock: Clock, emit: (event: LinkEvent) => void): void {
  const lines = new Map<string, Line>();

  function isFull(identity: string): boolean {
    return (lines.get(identity)?.waiting ?? 0) >= MAX_WAITING;
  }

  function take(wire: ChatWire, identity: string, read: () => ChatRead | Promise<ChatRead>): void {
    if (identity === room.localParticipant?.identity) return;
    if (isFull(identity)) return pass(wire, identity, refused('too-many'));
    const line = lines.get(identity) ?? { waiting: 0, last: undefined };
    lines.set(identity, line);
    line.waiting += 1;
    line.last = inTurn(line, wire, identity, read());
  }

  async function inTurn(
    line: Line,
    wire: ChatWire,
    identity: string,
    reading: ChatRead | Promise<ChatRead>,
  ): Promise<void> {
    const [read] = await Promise.all([reading, line.last]);
    line.waiting -= 1;
    if (line.waiting === 0) lines.delete(identity);
    pass(wire, identity, read);
  }

  function pass(wire: ChatWire, identity: string, read: ChatRead): void {
    if (read.kind === 'ignored') return;
    if (read.kind === 'refused') return emit({ type: 'chat-refused', wire, reason: read.reason });
    const sender = room.remoteParticipants.get(identity);
    const person = sender === undefined ? toStranger(identity) : toPerson(sender);
    emit({ type: 'chat-received', wire, id: read.id, person, text: read.text });
  }

  room.registerTextStreamHandler(CHAT_TOPIC, (reader, { identity }) => {
    if (isFull(identity)) void reader.close();
    take('text-stream', identity, () => readChatStream(reader, clock));
  });
  room.on(RoomEvent.DataReceived, (payload, sender, _kind, topic) =>
    take('chat-topic', identityOf(sender), () => parseChatPacket(topic, payload)),
  );
  room.on(RoomEvent.ChatMessage, (message, sender) =>
    take('chat-packet', identityOf(sender), () => parseChatMessage(message)),
  );
}

/**
 * A data packet names no sender when a server's API sent it, or a newcomer who is not announced yet
 * (a stream does, also then).
 */
function identityOf(sender: Participant | undefined): string {
  return sender?.identity ?? 'unknown';
}
