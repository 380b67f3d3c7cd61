import type { EventBody, ReplyId, SpokenTurn, TurnId } from '../conversation/events.ts';
import type { Clock } from '../lib/clock.ts';
import type { Observe, ReplyMoments } from '../ports/observe.ts';
import type { VoiceTrack } from '../ports/room-sound.ts';
import type { Mark, Milestone } from '../reply/mark.ts';

export interface ReplyTimesDeps {
  readonly clock: Clock;
  readonly observe: Observe;
}

/** Takes the times of a room's spoken replies where they pass by, and tells them at each one's end. */
export interface ReplyTimes {
  /** The last voiced sample of a speech came in then. */
  readonly voiced: (identity: string, atMs: number) => void;
  /** An event of the ears. */
  heard(event: EventBody): void;
  /** A turn as it is shown; one that is final is committed, or dropped. */
  shown(turn: SpokenTurn): void;
  /** A reply to this turn begins to be made; a draft is decided on later. */
  begin(replyId: ReplyId, turnId: TurnId | undefined, how: 'reply' | 'draft'): Mark;
  /** The reply may be heard as soon as there is something to hear. */
  decide(replyId: ReplyId): void;
  /** The track, each frame seen as it goes out. */
  watch(track: VoiceTrack): VoiceTrack;
  /** The reply is over; of one that was not heard nothing is told. */
  end(replyId: ReplyId): void;
}

/** What is known of somebody's speech until it is committed. */
interface Speech {
  readonly voicedAt?: number;
  readonly finalAt?: number;
}

interface SpokenAt extends Speech {
  readonly turnId: TurnId;
  readonly committedAt: number;
}

interface Timed {
  readonly turnId: TurnId | undefined;
  readonly drafted: boolean;
  readonly reached: Map<Milestone, number>;
  turn?: SpokenAt;
  decidedAt?: number;
  frameAt?: number;
  voiceAt?: number;
}

/** Of full scale; what is below is heard as silence. */
const AUDIBLE = 164;

/** Opens the times of one room. No timer runs, and nothing is kept of what is over. */
export function openReplyTimes({ clock, observe }: ReplyTimesDeps): ReplyTimes {
  const speeches = new Map<string, Speech>();
  const replies = new Map<ReplyId, Timed>();
  let lastTurn: SpokenAt | undefined;
  /** The reply whose frames go out, or will. */
  let playing: Timed | undefined;
  const learn = (identity: string, more: Speech): void =>
    void speeches.set(identity, { ...speeches.get(identity), ...more });

  const see = (pcm: Int16Array): void => {
    // A frame before its sound fades the reply before out.
    if (playing?.voiceAt !== undefined || playing?.reached.has('first-sound') !== true) return;
    playing.frameAt ??= clock.monotonicMs();
    if (pcm.some((sample) => Math.abs(sample) > AUDIBLE)) playing.voiceAt = clock.monotonicMs();
  };
  return {
    voiced: (identity, voicedAt) => learn(identity, { voicedAt }),
    heard(event) {
      if (event.type !== 'words-heard' || !event.final) return;
      learn(event.person.identity, { finalAt: clock.monotonicMs() });
    },
    shown({ turnId, speaker, final }) {
      if (!final) return;
      lastTurn = { ...speeches.get(speaker), turnId, committedAt: clock.monotonicMs() };
      speeches.delete(speaker);
    },
    begin(replyId, turnId, how) {
      const reached = new Map<Milestone, number>();
      replies.set(replyId, { turnId, drafted: how === 'draft', reached });
      return (milestone) => {
        if (!reached.has(milestone)) reached.set(milestone, clock.monotonicMs());
      };
    },
    decide(replyId) {
      const reply = replies.get(replyId);
      if (reply === undefined) return;
      reply.decidedAt = clock.monotonicMs();
      // Whoever wrote instead has no times of speech.
      if (lastTurn !== undefined && lastTurn.turnId === reply.turnId) reply.turn = lastTurn;
      playing = reply;
    },
    watch: (track) => ({
      ...track,
      push(pcm) {
        see(pcm);
        return track.push(pcm);
      },
    }),
    end(replyId) {
      const reply = replies.get(replyId);
      replies.delete(replyId);
      if (reply === playing) playing = undefined;
      if (reply?.frameAt === undefined) return;
      const { turnId } = reply;
      const whose = turnId === undefined ? {} : { turnId };
      const moments = momentsOf(reply, clock);
      observe({ type: 'reply-timed', ...whose, ...spansOf(reply), moments });
    },
  };
}

function spansOf({ drafted, reached, turn, decidedAt, frameAt, voiceAt }: Timed) {
  const chunkMs = span(reached.get('model-asked'), reached.get('first-chunk'));
  const ttsMs = span(reached.get('voice-asked'), reached.get('first-sound'));
  const sinceDecisionMs = span(decidedAt, frameAt);
  return {
    drafted,
    endpointMs: span(turn?.voicedAt, turn?.committedAt),
    finalMs: span(turn?.voicedAt, turn?.finalAt),
    llmMs: span(reached.get('model-asked'), reached.get('first-token')),
    chunkMs,
    ttsMs,
    frameMs: span(later(reached.get('first-sound'), decidedAt), frameAt),
    ownMs: drafted ? undefined : span(sum(chunkMs, ttsMs), sinceDecisionMs),
    wholeMs: span(turn?.voicedAt, voiceAt),
  };
}

function momentsOf({ reached, turn, decidedAt, frameAt }: Timed, clock: Clock): ReplyMoments {
  const [now, wallNow] = [clock.monotonicMs(), clock.wallMs()];
  const onTheWall = (at: number | undefined): number | undefined =>
    at === undefined ? undefined : Math.round(wallNow - (now - at));
  return {
    voiced: onTheWall(turn?.voicedAt),
    final: onTheWall(turn?.finalAt),
    committed: onTheWall(turn?.committedAt),
    decided: onTheWall(decidedAt),
    modelAsked: onTheWall(reached.get('model-asked')),
    voiceAsked: onTheWall(reached.get('voice-asked')),
    audible: onTheWall(frameAt),
    ended: Math.round(wallNow),
  };
}

function span(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.round(to - from);
}

function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}

function later(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.max(one, other);
}
