import type { AgentState, Person } from '../conversation/events.ts';
import type { RoomSound } from './room-sound.ts';

/** Why the link is gone for good. */
export type LinkEnd =
  /** A participant with our identity joined: the database decides who is right. */
  | 'duplicate-identity'
  /** The room was deleted or closed, or we were removed: leave, do not rejoin. */
  | 'room-deleted'
  | 'removed'
  /** Everything else: network or server; rejoin within bounds. */
  | 'connection-lost';

/** The three wires on which clients send chat. */
export type ChatWire = 'text-stream' | 'chat-topic' | 'chat-packet';

/** What the room does, as it happens. */
export type LinkEvent =
  | { readonly type: 'person-joined'; readonly person: Person }
  | { readonly type: 'person-left'; readonly identity: string }
  | {
      readonly type: 'chat-received';
      readonly wire: ChatWire;
      /** The sender's id of the message where it has one. */
      readonly id: string | undefined;
      /** The sender; its `person-joined` may still be to come. */
      readonly person: Person;
      readonly text: string;
    }
  /** By the server's API, on our own attribute `troupe.mode`: nobody else may set that. */
  | { readonly type: 'mode-asked'; readonly mode: 'text' | 'voice' }
  | { readonly type: 'chat-refused'; readonly wire: ChatWire; readonly reason: ChatRefusal }
  /** The path is cut; what is published now would be queued and flushed by a zombie. */
  | { readonly type: 'reconnecting' }
  /** Whole again. Who came or went meanwhile was not told: ask `people()`. */
  | { readonly type: 'reconnected' }
  | { readonly type: 'ended'; readonly reason: LinkEnd };

/** Why a chat message was not taken; its text is not kept. */
export type ChatRefusal =
  | 'not-utf8'
  | 'not-json'
  | 'wrong-shape'
  | 'too-long'
  | 'too-many'
  /** Its sender went away or took too long in the middle of it. */
  | 'unfinished';

/**
 * A reply's `lk.transcription` segment while it is written; with a voice's track id it transcribes
 * that track, which older front ends get as packets too.
 */
export interface SegmentWriter {
  /** Appends text; resolves when the SDK took it. */
  write(text: string): Promise<void>;
  /** Closes the stream and sends the whole text once more as final (also after a cut). */
  end(finalText: string): Promise<void>;
}

/**
 * The bot's place in a LiveKit room. Nothing is published while reconnecting or after the end: sending
 * is refused at once then. What was sent before gets there, so it is answered within seconds of a whole
 * path, or refused with the link's end.
 */
export interface RoomLink extends RoomSound, AsyncDisposable {
  /** Who else is there now. */
  people(): readonly Person[];
  /** Shows the state; never waits (attribute updates were seen to block for 5 s), last one wins. */
  showAgentState(state: AgentState): void;
  openSegment(segmentId: string, voiceTrackId?: string): SegmentWriter;
  /** Sends a classic chat line on `lk.chat` and, marked to be ignored, on `lk-chat-topic`, one id. */
  sendChatLine(text: string): Promise<void>;
}

/** How to enter a room. */
export interface JoinRequest {
  readonly room: string;
  /** Display name of the bot. */
  readonly name: string;
  /**
   * Where another bot is there, who listens until we are in: we listen before that, so that nothing of
   * what people say falls between the two. Awaited when we do, right before the other one is evicted.
   */
  readonly relieving?: () => Promise<void>;
}

/**
 * Joins as `bot-<room>`, evicting an older bot of that identity. `listen` gets every event from the
 * join on, in order; people already there come from `people()`.
 * @throws TroupeError of service `livekit`: `auth`, `timeout`, `unavailable`, `rejected`.
 */
export type JoinRoom = (
  request: JoinRequest,
  listen: (event: LinkEvent) => void,
  signal: AbortSignal,
) => Promise<RoomLink>;
