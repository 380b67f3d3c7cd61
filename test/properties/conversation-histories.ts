import * as fc from 'fast-check';
import type { EventBody, Person, TimerName, Turn } from '../../src/conversation/events.ts';
import type { ConversationPolicy } from '../../src/conversation/state.ts';
import { live, liveToTheEnd, progress } from './conversation-model.ts';
import type { Act, History, MouthKind } from './conversation-model.ts';

/**
 * Random talks under random rules: any event in any state, at random times, with late, repeated and
 * stale ones. Each talk is then lived to its end.
 */
export function histories(): fc.Arbitrary<History> {
  const acts = fc.array(anyAct(), { minLength: 1, maxLength: 80, size: 'max' });
  const mouth = fc.constantFrom<MouthKind>('prompt', 'talkative', 'mute');
  return fc
    .record({ policy: policies(), mouth, acts })
    .map(({ policy, mouth, acts }) => live(policy, mouth, [...acts, liveToTheEnd]));
}

const ANN: Person = { identity: 'ann', name: 'Ann', kind: 'human' };
const BEN: Person = { identity: 'ben', name: 'Ben', kind: 'human' };
const CLEO: Person = { identity: 'cleo', name: 'Cleo', kind: 'human' };
const EGRESS: Person = { identity: 'egress', name: 'Recorder', kind: 'bot' };
const EVERYONE = [ANN, BEN, CLEO, EGRESS];

const TIMERS: readonly TimerName[] = [
  'chat-settle',
  'idle',
  'departure-grace',
  'handover-reply',
  'reply-cut',
  'last-words',
  'words-due',
  'hold',
];

function policies(): fc.Arbitrary<ConversationPolicy> {
  return fc.record({
    botName: fc.constant('Mia'),
    hasGreeting: fc.boolean(),
    addressing: fc.record({
      rule: fc.constantFrom('auto', 'always', 'named'),
      names: fc.constant([]),
      phrases: fc.constant([]),
    }),
    idleTimeoutMs: fc.constantFrom(0, 5_000),
    departureGraceMs: fc.constantFrom(0, 1_000),
    leaveWhen: fc.constantFrom('last-human', 'last-human', 'any-human'),
    chatSettleMs: fc.constantFrom(0, 300),
    newTurnWhileReplying: fc.constantFrom('queue', 'interrupt'),
    linkLostWhileReplying: fc.constantFrom('wait', 'cut'),
    maxPending: fc.integer({ min: 1, max: 4 }),
    followUpMs: fc.constantFrom(0, 10_000),
    handoverReplyMs: fc.constant(1_000),
    speech: fc.record({
      minSilenceMs: fc.constant(250),
      maxSilenceMs: fc.constant(3_000),
      finalWaitMs: fc.constantFrom(350, 1_500),
      maxSpeechMs: fc.constant(20_000),
      holdMs: fc.constant(2_000),
      yieldMs: fc.constant(3_000),
      echoGuardMs: fc.constantFrom(0, 3_000),
      strangerWords: fc.constant(4),
      draftsPerTurn: fc.constantFrom(0, 1, 3),
    }),
    voiceIds: fc.constant('v'),
  });
}

function anyAct(): fc.Arbitrary<Act> {
  return fc.oneof(
    { weight: 100, arbitrary: chats() },
    { weight: 80, arbitrary: mouthActs() },
    { weight: 100, arbitrary: voiceActs() },
    { weight: 80, arbitrary: times() },
    { weight: 30, arbitrary: arrivals() },
    { weight: 30, arbitrary: presences() },
    { weight: 10, arbitrary: links() },
    { weight: 10, arbitrary: handovers() },
    { weight: 5, arbitrary: fc.constant(joinedSaid) },
    { weight: 5, arbitrary: fc.constant(modeSwitched) },
    { weight: 5, arbitrary: memories() },
    { weight: 10, arbitrary: staleTimers() },
    { weight: 1, arbitrary: fc.constant(leave) },
  );
}

function chats(): fc.Arbitrary<Act> {
  const person = fc.constantFrom(...EVERYONE, ANN, BEN);
  const start = fc.constantFrom('', 'Mia, ', 'long '.repeat(300));
  const back = fc.constantFrom(0, 0, 0, 1, 3);
  return fc.tuple(person, start, back).map(([person, start, back]) => ({ conversation, count }) => {
    const number = count();
    const id = `line-${Math.max(0, number - back)}`;
    conversation.post({ type: 'chat-received', id, person, text: `${start}#${number}` });
  });
}

/** Sound and words of anybody, in and out of their order. */
function voiceActs(): fc.Arbitrary<Act> {
  const kind = fc.constantFrom(...KINDS, 'final', 'final', 'interim');
  const words = fc.constantFrom('mhm', 'Mia, hello.', 'and then', 'long '.repeat(300));
  const person = fc.constantFrom(...EVERYONE, ANN, ANN);
  const act = fc.tuple(kind, words, person, fc.boolean());
  return act.map(([kind, words, person, late]) => ({ conversation, count }) => {
    const audio = late ? 0 : count() * 100;
    const watchId = conversation.state().voices.get(person.identity)?.watchId ?? 0;
    conversation.post(VOICE_EVENTS[kind](person, audio, `${words} ${count()}`, watchId));
  });
}

const VOICE_EVENTS = {
  started: (person: Person, audioFrom: number): EventBody => ({
    type: 'speech-started',
    person,
    audioFrom,
  }),
  sustained: ({ identity }: Person): EventBody => ({ type: 'speech-sustained', identity }),
  stopped: ({ identity }: Person, audioTo: number): EventBody => ({
    type: 'speech-stopped',
    identity,
    audioTo,
  }),
  silence: ({ identity }: Person, _audio: number, _text: string, watchId: number): EventBody => ({
    type: 'silence-reached',
    identity,
    watchId,
  }),
  interim: (person: Person, audioTo: number, text: string): EventBody =>
    words(person, audioTo, text, false),
  final: (person: Person, audioTo: number, text: string): EventBody =>
    words(person, audioTo, text, true),
  empty: (person: Person, audioTo: number): EventBody => words(person, audioTo, ' ', true),
  dropped: ({ identity }: Person): EventBody => ({ type: 'words-dropped', identity }),
  unheard: ({ identity }: Person): EventBody => ({ type: 'unheard', identity }),
  muted: ({ identity }: Person): EventBody => ({ type: 'microphone-silent', identity }),
} as const;

const KINDS = Object.keys(VOICE_EVENTS) as (keyof typeof VOICE_EVENTS)[];

function words(person: Person, audioTo: number, text: string, final: boolean): EventBody {
  return { type: 'words-heard', person, text, final, audioFrom: 0, audioTo };
}

function mouthActs(): fc.Arbitrary<Act> {
  const ends = ['finished', 'finished', 'interrupted', 'failed'] as const;
  const kind = fc.constantFrom('audible', 'progress', 'progress', 'progress', ...ends);
  const offset = fc.constantFrom(0, 0, 0, 0, 0, -1, 2);
  return fc.tuple(kind, offset).map(([kind, offset]) => ({ conversation, count }) => {
    const replyId = conversation.state().lastReplyId + offset;
    if (kind === 'audible') conversation.post({ type: 'reply-audible', replyId });
    else if (kind === 'progress') conversation.post(progress(replyId, `${count()} `));
    else conversation.post({ type: 'reply-ended', replyId, end: kind });
  });
}

function times(): fc.Arbitrary<Act> {
  const kind = fc.constantFrom('pass', 'pass', 'pass', 'stall');
  const ms = fc.oneof(fc.nat(400), fc.nat(2_000), fc.constant(6_000));
  const timed = fc.tuple(kind, ms);
  return timed.map(
    ([kind, ms]): Act =>
      ({ clock }) =>
        clock[kind](ms),
  );
}

function arrivals(): fc.Arbitrary<Act> {
  const people = fc.subarray(EVERYONE);
  return fc.tuple(people, fc.nat(3)).map(([people, left]) => ({ conversation, count }) => {
    const unanswered = Array.from({ length: left }, () => inherited(count()));
    conversation.post({ type: 'room-opened', people, unanswered });
  });
}

/** Lines that a former bot took, and some that nobody has sent yet. */
function memories(): fc.Arbitrary<Act> {
  return fc.integer({ min: -2, max: 3 }).map((ahead) => ({ conversation, count }) => {
    const turnIds = [`line-${Math.max(0, count() + ahead)}`];
    conversation.post({ type: 'turns-remembered', turnIds });
  });
}

function presences(): fc.Arbitrary<Act> {
  return fc
    .tuple(fc.constantFrom(...EVERYONE), fc.boolean())
    .map(([person, comes]) => ({ conversation }) => {
      if (comes) conversation.post({ type: 'person-joined', person });
      else conversation.post({ type: 'person-left', identity: person.identity });
    });
}

function links(): fc.Arbitrary<Act> {
  const people = fc.option(fc.subarray(EVERYONE), { nil: undefined });
  return people.map((people) => ({ conversation }) => {
    if (people) conversation.post({ type: 'link-restored', people });
    else conversation.post({ type: 'link-lost' });
  });
}

function handovers(): fc.Arbitrary<Act> {
  const types = ['handover-requested', 'handover-withdrawn'] as const;
  return fc.constantFrom(...types).map(
    (type): Act =>
      (room) =>
        room.conversation.post({ type }),
  );
}

function staleTimers(): fc.Arbitrary<Act> {
  return fc.constantFrom(...TIMERS).map((timer) => ({ conversation }) => {
    const timerId = (conversation.state().timers.get(timer)?.timerId ?? 1) - 1;
    conversation.post({ type: 'timer-fired', timer, timerId });
  });
}

const modeSwitched: Act = ({ conversation }) => conversation.post({ type: 'mode-switched' });

const joinedSaid: Act = ({ conversation }) => conversation.post({ type: 'joined-said' });

const leave: Act = ({ conversation }) =>
  conversation.post({ type: 'leave-requested', reason: 'stopped' });

function inherited(number: number): Turn {
  const text = `#${number}`;
  return { id: `line-${number}`, speaker: 'ann', name: 'Ann', text, at: 0, addressed: true };
}
