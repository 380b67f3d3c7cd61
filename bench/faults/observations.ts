import type { KindName, PathName } from './kinds.ts';

// What is seen of a run from outside the workers, each with its time in ms since 1970: all that the
// invariants are judged by.

/** A fault begins or is healed. `worker` is a place of the fleet (`w1`), whoever stands in it. */
export interface FaultSeen {
  readonly at: number;
  readonly phase: 'begin' | 'end';
  readonly id: number;
  readonly kind: KindName;
  readonly worker: string | undefined;
  readonly path: PathName | undefined;
}

/** A visitor has written a question; its token is nowhere else. */
export interface Asked {
  readonly at: number;
  readonly room: string;
  readonly token: string;
}

/** A visitor has spoken a recording, which is spoken once in a room. */
export interface Spoken {
  readonly at: number;
  readonly room: string;
  readonly text: string;
}

/** A visitor reads a chat line of a bot, or hears its voice begin: then without text. */
export interface BotLine {
  readonly at: number;
  readonly room: string;
  /** The server's id of the participant: a new one for each joining. */
  readonly sid: string;
  readonly text: string;
  /** The token that it repeats. */
  readonly token: string | undefined;
}

/** A visitor is in the room, or not any more. */
export interface Seat {
  readonly at: number;
  readonly room: string;
  readonly here: boolean;
}

/** The server's list of a room, as far as it has participants of kind agent. */
export interface Listing {
  readonly at: number;
  readonly room: string;
  /** Their identities. */
  readonly bots: readonly string[];
}

/** A change of a row of `leases`, recorded by the database itself. */
export interface LeaseSeen {
  readonly at: number;
  readonly room: string;
  readonly epoch: number;
  readonly status: 'live' | 'left' | 'ended' | 'failed';
  readonly arrival: 'fresh' | 'takeover' | 'handover' | undefined;
  readonly worker: string;
  readonly messageId: string | undefined;
}

/** A save of a talk's memory, recorded by the database itself; in the order of the saves. */
export interface Saved {
  readonly at: number;
  readonly session: string;
  readonly epoch: number;
  readonly messages: readonly SavedMessage[];
}

/** A message of a talk came into its inbox: from a bot that had lost its lease. */
export interface InboxSeen {
  readonly at: number;
  readonly message: string;
}

/** One message of a saved memory. */
export interface SavedMessage {
  readonly role: 'user' | 'assistant' | 'summary';
  readonly id: string;
  readonly text: string;
  readonly answers?: readonly string[];
  readonly ended?: string;
}

/** The model was asked by a worker for an answer to a question, and began one. */
export interface Request {
  readonly at: number;
  readonly worker: string;
  readonly token: string;
}

/** What a message on the queue asks for. */
export type MessageKind = 'start' | 'malformed' | 'unknown-session' | 'unwanted';

/** A message was put on the queue; its marker is in its body. */
export interface Sent {
  readonly at: number;
  readonly marker: string;
  readonly messageId: string;
  readonly kind: MessageKind;
  /** Whom it calls, where it calls anybody. */
  readonly room: string;
}

/** A dead letter was found. */
export interface Letter {
  readonly at: number;
  readonly body: string;
  readonly reason: string | undefined;
}

/** Whether any worker of the fleet says that it is ready, from then on. */
export interface Fitness {
  readonly at: number;
  readonly ready: readonly string[];
  /** Processes that run or wait to, by the system's average over a minute: above its cores, all wait. */
  readonly load?: number;
}

/** What the queue holds once all rooms are empty. */
export interface Residue {
  readonly at: number;
  readonly waiting: number;
  readonly inFlight: number;
}

/** What a worker holds of the machine while it serves nobody. */
export interface Level {
  readonly rooms: number;
  readonly sockets: number;
  readonly files: number;
  readonly rssMb: number;
}

/** The same worker before the storm (or at its start, if it came later) and after it. */
export interface Survivor {
  readonly at: number;
  readonly worker: string;
  readonly before: Level;
  readonly after: Level;
}

/**
 * The campaign's own process stood still for a second or more: it houses the queue, the database's
 * gateway, the providers and every path, so all of them did.
 */
export interface Stall {
  readonly at: number;
  readonly from: number;
}

/** A worker's process ended, not by the campaign's doing, or not with 0 when it was to drain. */
export interface Exit {
  readonly at: number;
  readonly worker: string;
  readonly how: number | string;
}

/** Everything seen so far, each list in the order of its times. */
export interface Observations {
  /** Until when it was looked. */
  readonly now: number;
  readonly faults: readonly FaultSeen[];
  readonly asked: readonly Asked[];
  readonly spoken: readonly Spoken[];
  readonly lines: readonly BotLine[];
  readonly seats: readonly Seat[];
  readonly listings: readonly Listing[];
  readonly leases: readonly LeaseSeen[];
  readonly saves: readonly Saved[];
  readonly inbox: readonly InboxSeen[];
  readonly requests: readonly Request[];
  readonly sent: readonly Sent[];
  readonly letters: readonly Letter[];
  readonly fitness: readonly Fitness[];
  readonly residue: readonly Residue[];
  readonly survivors: readonly Survivor[];
  readonly exits: readonly Exit[];
  readonly stalls: readonly Stall[];
}

/** An invariant that did not hold. */
export interface Violation {
  readonly invariant:
    | 'one-bot'
    | 'turns'
    | 'answered-once'
    | 'joined-once'
    | 'activations'
    | 'mute'
    | 'returns';
  /** Names it among all of its invariant. */
  readonly key: string;
  readonly at: number;
  readonly room?: string;
  /** Whose it is, where it is a worker's. */
  readonly worker?: string;
  readonly what: string;
}
