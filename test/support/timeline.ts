import { expect } from 'vitest';
import type { RoomCommand } from '../../src/conversation/commands.ts';
import { openConversation } from '../../src/conversation/conversation.ts';
import type { EventBody, Person, ReplyEnd, Turn } from '../../src/conversation/events.ts';
import type { ConversationPolicy } from '../../src/conversation/state.ts';
import { openHandClock } from './hand-clock.ts';

/** At this time, in ms, this happens (`undefined`: only time passes) and leads to these commands. */
export type Row = readonly [
  at: number,
  event: EventBody | undefined,
  ...expected: readonly string[],
];

/** What a timeline may set; the rest is {@link RULES}. */
export interface Rules extends Partial<ConversationPolicy> {
  /** Whether the mouth answers a cancel in the same tick, as it must (default), or not at all. */
  readonly mouth?: 'prompt' | 'mute';
}

export const ANN: Person = { identity: 'ann', name: 'Ann', kind: 'human' };
export const BEN: Person = { identity: 'ben', name: 'Ben', kind: 'human' };
export const EGRESS: Person = { identity: 'egress', name: 'Recorder', kind: 'bot' };

/** A room with one character, Mia, who answers whoever is alone with her. */
export const RULES: ConversationPolicy = {
  botName: 'Mia',
  hasGreeting: false,
  addressing: { rule: 'auto', names: [], phrases: [] },
  idleTimeoutMs: 30_000,
  departureGraceMs: 5_000,
  leaveWhen: 'last-human',
  chatSettleMs: 0,
  newTurnWhileReplying: 'queue',
  linkLostWhileReplying: 'wait',
  maxPending: 10,
  followUpMs: 10_000,
  handoverReplyMs: 5_000,
  speech: {
    minSilenceMs: 250,
    maxSilenceMs: 3_000,
    finalWaitMs: 1_500,
    maxSpeechMs: 60_000,
    holdMs: 2_000,
    yieldMs: 3_000,
    echoGuardMs: 3_000,
    strangerWords: 4,
    draftsPerTurn: 0,
  },
  voiceIds: 'v',
};

/**
 * Lives the rows through on a virtual clock and compares, command by command and time by time, what
 * the conversation had done with what the rows say. Timers are not shown, only what they lead to.
 */
export function expectTimeline({ mouth = 'prompt', ...rules }: Rules, rows: readonly Row[]): void {
  const clock = openHandClock();
  const done: string[] = [];
  using conversation = openConversation(
    { clock },
    () => ({ ...RULES, ...rules }),
    (command) => {
      done.push(`${clock.monotonicMs()} ${tell(command)}`);
      if (command.type === 'cancel-reply' && mouth === 'prompt') {
        conversation.post(ends(command.replyId, 'interrupted'));
      }
    },
  );
  for (const [at, event] of rows) {
    clock.pass(at - clock.monotonicMs());
    if (event !== undefined) conversation.post(event);
  }
  expect(done).toEqual(
    rows.flatMap(([at, , ...expected]) => expected.map((one) => `${at} ${one}`)),
  );
}

/** The room opens, with these people in it. */
export function opens(...people: readonly Person[]): EventBody {
  return { type: 'room-opened', people, unanswered: [] };
}

/** The room opens with Ann in it, who was never answered. */
export function opensOwing(...texts: readonly string[]): EventBody {
  const turns = texts.map((text): Turn => ({
    id: text,
    speaker: ANN.identity,
    name: ANN.name,
    text,
    at: 0,
    addressed: true,
  }));
  return { type: 'room-opened', people: [ANN], unanswered: turns };
}

/** A chat line; a line's id is its text unless a repeat is meant. */
export function writes(person: Person, text: string, id = text): EventBody {
  return { type: 'chat-received', id, person, text };
}

export function comes(person: Person): EventBody {
  return { type: 'person-joined', person };
}

export function goes(person: Person): EventBody {
  return { type: 'person-left', identity: person.identity };
}

/** Sound of somebody that is taken for speech, from this time of theirs on. */
export function speaks(person: Person, audioFrom: number): EventBody {
  return { type: 'speech-started', person, audioFrom };
}

export function keepsOn(person: Person): EventBody {
  return { type: 'speech-sustained', identity: person.identity };
}

export function stops(person: Person, audioTo: number): EventBody {
  return { type: 'speech-stopped', identity: person.identity, audioTo };
}

export function silent(person: Person, watchId: number): EventBody {
  return { type: 'silence-reached', identity: person.identity, watchId };
}

/** Words that may still change. */
export function interim(person: Person, text: string, audioTo: number): EventBody {
  return { type: 'words-heard', person, text, final: false, audioFrom: 0, audioTo };
}

/** Words that stay. */
export function final(person: Person, text: string, audioTo: number, audioFrom = 0): EventBody {
  return { type: 'words-heard', person, text, final: true, audioFrom, audioTo };
}

export function mutes(person: Person): EventBody {
  return { type: 'microphone-silent', identity: person.identity };
}

/** The first sound of the reply is in the room. */
export function sounds(replyId: number): EventBody {
  return { type: 'reply-audible', replyId };
}

/** A piece of the reply is heard. */
export function says(replyId: number, text: string): EventBody {
  return { type: 'reply-progress', replyId, piece: { text, original: text } };
}

export function ends(replyId: number, end: ReplyEnd = 'finished'): EventBody {
  return { type: 'reply-ended', replyId, end };
}

function tell(command: RoomCommand): string {
  return (WORDS[command.type] as (command: RoomCommand) => string)(command);
}

const WORDS: {
  readonly [T in RoomCommand['type']]: (
    command: Extract<RoomCommand, { readonly type: T }>,
  ) => string;
} = {
  'commit-turn': ({ turn }) => `${turn.addressed ? 'turn' : 'aside'} ${turn.name}: ${turn.text}`,
  'drop-turn': ({ turnId, reason }) => `drop ${turnId} (${reason})`,
  'start-reply': ({ replyId, answers, line }) =>
    line === undefined ? `reply ${replyId} to ${answers.join(', ')}` : `reply ${replyId}: ${line}`,
  'draft-reply': ({ replyId, turn }) => `draft ${replyId} to ${turn.name}: ${turn.text}`,
  'release-reply': ({ replyId }) => `release ${replyId}`,
  'cancel-reply': ({ replyId, reason }) => `cut ${replyId} (${reason})`,
  'commit-reply': ({ end, replyId, heard, answers }) =>
    `${end} ${replyId} "${heard}" to ${answers.join(', ') || 'nobody'}`,
  'hold-playout': ({ replyId }) => `hold ${replyId}`,
  'resume-playout': ({ replyId }) => `resume ${replyId}`,
  'watch-silence': ({ identity, watchId, silenceMs }) =>
    `watch ${watchId}: ${identity} for ${silenceMs}`,
  'show-transcript': ({ speaker, text, final }) =>
    `${speaker} ${final ? 'said' : 'says'} "${text}"`,
  say: ({ line }) => `say ${line}`,
  'show-agent-state': ({ state }) => `show ${state}`,
  'report-handover-ready': () => 'handover ready',
  leave: ({ reason }) => `leave (${reason})`,
};
