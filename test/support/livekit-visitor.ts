import { randomUUID } from 'node:crypto';
import { Room, RoomEvent } from '@livekit/rtc-node';
import type { LocalParticipant, TextStreamReader } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';
import type { AgentState } from '../../src/conversation/events.ts';
import { silenceNativeLogs } from '../../src/adapters/livekit/native-logs.ts';
import { openChanges } from './until.ts';
import type { Changes } from './until.ts';
import { openVisitorSound } from './livekit-sound.ts';
import type { SoundVisitor } from './sound-visitor.ts';
import type { ShownLine, ShownSegment } from './visitor.ts';

/** Who comes into which room. */
export interface VisitorOptions {
  readonly server: { readonly url: string; readonly apiKey: string; readonly apiSecret: string };
  readonly room: string;
  readonly identity: string;
  readonly name?: string;
  /** `agent` for another bot. */
  readonly kind?: string;
}

/** A visitor over a real LiveKit connection, with all three wires of chat in hand. */
export interface LiveKitVisitor extends SoundVisitor {
  readonly connection: Room;
  readonly ourselves: LocalParticipant;
  /** What came on `lk-chat-topic`, parsed. */
  readonly packets: readonly Record<string, unknown>[];
  /** Resolves when `look` finds something in what came. */
  readonly until: Changes['until'];
  /** Attributes that somebody there shows. */
  attributesOf(identity: string): Record<string, string> | undefined;
  kindOf(identity: string): number | undefined;
  nameOf(identity: string): string | undefined;
  /** Sends bytes on the packet wire; without a topic as old clients do. */
  sendPacket(payload: Uint8Array | object, topic?: string): Promise<void>;
}

/** Joins as a visitor, with rtc-node. */
export async function openVisitor(options: VisitorOptions): Promise<LiveKitVisitor> {
  silenceNativeLogs(() => undefined);
  const room = new Room();
  const changes = openChanges();
  const chat = watchChat(room, changes);
  const segments = watchSegments(room, changes);
  const states = watchStates(room, changes);
  const sound = openVisitorSound(room, changes);
  for (const event of [RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected] as const)
    room.on(event, changes.tell);
  await room.connect(options.server.url, await mint(options), {
    autoSubscribe: false,
    dynacast: false,
  });
  const ourselves = room.localParticipant;
  if (ourselves === undefined) throw new Error('connected without a participant');
  // An update makes the server announce us now: it lets a silent newcomer wait for 3 s.
  await ourselves.setAttributes({ here: 'true' });
  const there = (identity: string): boolean => room.remoteParticipants.has(identity);
  const returned = new Set<ShownLine>();
  const sendPacket = async (payload: Uint8Array | object, topic?: string): Promise<void> => {
    const bytes =
      payload instanceof Uint8Array ? payload : new TextEncoder().encode(JSON.stringify(payload));
    await ourselves.publishData(bytes, { reliable: true, ...(topic !== undefined && { topic }) });
  };
  return {
    ...sound,
    identity: options.identity,
    connection: room,
    ourselves,
    lines: chat.lines,
    packets: chat.packets,
    until: changes.until,
    states,
    get segments() {
      return [...segments.values()];
    },
    async say(text) {
      const id = randomUUID();
      await ourselves.sendText(text, { topic: 'lk.chat', streamId: id });
      const message = { id, timestamp: Date.now(), message: text, ignoreLegacy: true };
      await sendPacket(message, 'lk-chat-topic');
      return id;
    },
    async heard(text, limitMs) {
      const line = await changes.until(
        `a chat line like ${text}`,
        () => chat.lines.find((one) => !returned.has(one) && text.test(one.text)),
        limitMs,
      );
      returned.add(line);
      return line;
    },
    read: (text, limitMs) =>
      changes.until(
        `a final segment like ${text}`,
        () => [...segments.values()].find((one) => one.final && text.test(one.text)),
        limitMs,
      ),
    async sees(state, limitMs) {
      await changes.until(`the bot to show ${state}`, () => states.at(-1) === state, limitMs);
    },
    async meets(identity, limitMs) {
      await changes.until(`${identity} to come`, () => there(identity), limitMs);
    },
    async misses(identity, limitMs) {
      await changes.until(`${identity} to go`, () => !there(identity), limitMs);
    },
    attributesOf: (identity) => room.remoteParticipants.get(identity)?.attributes,
    kindOf: (identity) => room.remoteParticipants.get(identity)?.kind,
    nameOf: (identity) => room.remoteParticipants.get(identity)?.name,
    sendPacket,
    [Symbol.asyncDispose]: () => room.disconnect(),
  };
}

async function mint({ server, room, identity, name, kind }: VisitorOptions): Promise<string> {
  const token = new AccessToken(server.apiKey, server.apiSecret, {
    identity,
    name: name ?? identity,
    ttl: '10m',
  });
  if (kind !== undefined) token.kind = kind;
  token.addGrant({ roomJoin: true, room, canUpdateOwnMetadata: true });
  return await token.toJwt();
}

function watchChat(room: Room, changes: Changes) {
  const lines: ShownLine[] = [];
  const packets: Record<string, unknown>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  room.registerTextStreamHandler('lk.chat', (reader, { identity }) => {
    // In the order in which they began: two readers may end in the other order.
    const keep = async (earlier: Promise<unknown>): Promise<void> => {
      const [text] = await Promise.all([reader.readAll(), earlier]);
      lines.push({ id: reader.info.streamId, from: identity, text });
      changes.tell();
    };
    last = keep(last).catch(changes.tell);
  });
  room.on(RoomEvent.DataReceived, (payload, _sender, _kind, topic) => {
    if (topic !== 'lk-chat-topic') return;
    packets.push(JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>);
    changes.tell();
  });
  return { lines, packets };
}

/** As `useTranscriptions` of LiveKit's components does it. */
function watchSegments(room: Room, changes: Changes): Map<string, ShownSegment> {
  const segments = new Map<string, ShownSegment>();
  const follow = async (reader: TextStreamReader, from: string): Promise<void> => {
    const id = reader.info.attributes?.['lk.segment_id'] ?? '';
    const final = reader.info.attributes?.['lk.transcription_final'] === 'true';
    const trackId = reader.info.attributes?.['lk.transcribed_track_id'];
    let text = '';
    for await (const piece of reader) {
      text += piece;
      const history = [...(segments.get(id)?.history ?? []), text];
      segments.set(id, { id, from, trackId, text, final, history });
      changes.tell();
    }
  };
  room.registerTextStreamHandler('lk.transcription', (reader, { identity }) => {
    follow(reader, identity).catch(changes.tell);
  });
  return segments;
}

function watchStates(room: Room, changes: Changes): readonly AgentState[] {
  const states: AgentState[] = [];
  const look = (attributes: Record<string, string>): void => {
    const state = attributes['lk.agent.state'] as AgentState | undefined;
    if (state === undefined || state === states.at(-1)) return;
    states.push(state);
    changes.tell();
  };
  room.on(RoomEvent.ParticipantConnected, ({ attributes }) => look(attributes));
  room.on(RoomEvent.ParticipantAttributesChanged, look);
  return states;
}
