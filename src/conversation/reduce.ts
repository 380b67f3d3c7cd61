import { onLeaveRequested } from './departure.ts';
import type { ConversationEvent, EventOf } from './events.ts';
import { onModeSwitched } from './on-mode.ts';
import { onHandoverRequested, onHandoverWithdrawn } from './on-handover.ts';
import { onReplyAudible, onReplyEnded, onReplyProgress } from './on-reply.ts';
import {
  onJoinedSaid,
  onLinkLost,
  onLinkRestored,
  onPersonJoined,
  onPersonLeft,
  onRoomOpened,
  onTurnsRemembered,
} from './on-room.ts';
import {
  onMicrophoneSilent,
  onSilenceReached,
  onSpeechStarted,
  onSpeechStopped,
  onSpeechSustained,
} from './on-speech.ts';
import { onTimerFired } from './on-timer.ts';
import { onChatReceived } from './on-user.ts';
import { onUnheard, onWordsDropped, onWordsHeard } from './on-words.ts';
import { proceed } from './proceed.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';
import { andThen, step } from './step.ts';
import type { Step } from './step.ts';

type EventType = ConversationEvent['type'];
type Handler<T extends EventType> = (
  state: ConversationState,
  event: EventOf<T>,
  policy: ConversationPolicy,
) => Step;

/**
 * The whole conversation: what an event makes of it, and what is to be done. Pure and total: time is
 * `event.at`, timers are commands out and events in, and every event is good in every state.
 */
export function reduce(
  state: ConversationState,
  event: ConversationEvent,
  policy: ConversationPolicy,
): Step {
  const handle = HANDLERS[event.type] as Handler<EventType>;
  const ignored = state.phase === 'leaving' && !HEARD_WHILE_LEAVING.has(event.type);
  const moved = ignored ? step(state) : handle(state, event, policy);
  return andThen(moved, (next) => proceed(next, event.at, policy));
}

const HANDLERS: { readonly [T in EventType]: Handler<T> } = {
  'room-opened': onRoomOpened,
  'turns-remembered': onTurnsRemembered,
  'joined-said': onJoinedSaid,
  'mode-switched': onModeSwitched,
  'person-joined': onPersonJoined,
  'person-left': onPersonLeft,
  'chat-received': onChatReceived,
  'speech-started': onSpeechStarted,
  'speech-sustained': onSpeechSustained,
  'speech-stopped': onSpeechStopped,
  'silence-reached': onSilenceReached,
  'words-heard': onWordsHeard,
  'words-dropped': onWordsDropped,
  unheard: onUnheard,
  'microphone-silent': onMicrophoneSilent,
  'link-lost': onLinkLost,
  'link-restored': onLinkRestored,
  'reply-audible': onReplyAudible,
  'reply-progress': onReplyProgress,
  'reply-ended': onReplyEnded,
  'timer-fired': onTimerFired,
  'handover-requested': onHandoverRequested,
  'handover-withdrawn': onHandoverWithdrawn,
  'leave-requested': onLeaveRequested,
};

/** The end of the cut reply is still to come, and last words; lines that come too are dropped by name. */
const HEARD_WHILE_LEAVING: ReadonlySet<EventType> = new Set<EventType>([
  'chat-received',
  'words-heard',
  'words-dropped',
  'microphone-silent',
  'reply-audible',
  'reply-progress',
  'reply-ended',
  'timer-fired',
]);
