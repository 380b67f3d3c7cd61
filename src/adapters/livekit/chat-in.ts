import { RoomEvent } from '@livekit/rtc-node';
import type { Participant, Room, TextStreamReader } from '@livekit/rtc-node';
import type { Clock } from '../../lib/clock.ts';
import type { ChatWire, LinkEvent } from '../../ports/room-link.ts';
import { readChatStream } from './chat-stream.ts';
import { CHAT_TOPIC, mayBeChat, parseChatMessage, parseChatPacket } from './chat-wires.ts';
import type { ChatRead } from './chat-wires.ts';
import { toPerson, toStranger } from './people.ts';

/** Most streams that are read at the same time; further ones are refused. */
const MAX_OPEN_STREAMS = 256;

/**
 * Takes in chat from the three wires on which clients send it. A sender's messages keep the order in
 * which they began to arrive, also where a later stream ends before an earlier one; a slow sender
 * holds up nobody else.
 */
export function receiveChat(room: Room, clock: Clock, emit: (event: LinkEvent) => void): void {
  const lastOf = new Map<string, Promise<void>>();
  let open = 0;

  function take(wire: ChatWire, identity: string, reading: ChatRead | Promise<ChatRead>): void {
    if (identity === room.localParticipant?.identity) return;
    const turn = inTurn(wire, identity, reading, lastOf.get(identity));
    lastOf.set(identity, turn);
    void turn.then(() => lastOf.get(identity) === turn && lastOf.delete(identity));
  }

  async function inTurn(
    wire: ChatWire,
    identity: string,
    reading: ChatRead | Promise<ChatRead>,
    before: Promise<void> | undefined,
  ): Promise<void> {
    const [read] = await Promise.all([reading, before]);
    pass(wire, identity, read);
  }

  function pass(wire: ChatWire, identity: string, read: ChatRead): void {
    if (read.kind === 'ignored') return;
    if (read.kind === 'refused') return emit({ type: 'chat-refused', wire, reason: read.reason });
    const sender = room.remoteParticipants.get(identity);
    const person = sender === undefined ? toStranger(identity) : toPerson(sender);
    emit({ type: 'chat-received', wire, id: read.id, person, text: read.text });
  }

  async function readStream(reader: TextStreamReader): Promise<ChatRead> {
    if (open >= MAX_OPEN_STREAMS) {
      await reader.close();
      return { kind: 'refused', reason: 'too-many' };
    }
    open += 1;
    const read = await readChatStream(reader, clock);
    open -= 1;
    return read;
  }

  room.registerTextStreamHandler(CHAT_TOPIC, (reader, { identity }) =>
    take('text-stream', identity, readStream(reader)),
  );
  room.on(RoomEvent.DataReceived, (payload, sender, _kind, topic) => {
    if (mayBeChat(topic)) take('chat-topic', identityOf(sender), parseChatPacket(payload));
  });
  room.on(RoomEvent.ChatMessage, (message, sender) =>
    take('chat-packet', identityOf(sender), parseChatMessage(message)),
  );
}

/**
 * A data packet names no sender when a server's API sent it, or a newcomer who is not announced yet
 * (a stream does, also then).
 */
function identityOf(sender: Participant | undefined): string {
  return sender?.identity ?? 'unknown';
}
