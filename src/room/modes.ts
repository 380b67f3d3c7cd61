import type { Character } from '../character/character.ts';
import type { EventBody, TurnId } from '../conversation/events.ts';
import type { ConversationPolicy, SpeechPolicy } from '../conversation/state.ts';
import { backoffMs } from '../lib/retry.ts';
import { openScope } from '../lib/scope.ts';
import type { Mode } from '../mode/mouth.ts';
import { openTextMode } from '../mode/text.ts';
import { openVoiceMode } from '../mode/voice.ts';
import type { VoiceModeDeps } from '../mode/voice.ts';
import type { TurnRecord } from '../ports/memory-store.ts';
import type { ObservationBody, TurnChannel } from '../ports/observe.ts';
import type { SpeechToText } from '../ports/speech-to-text.ts';
import { SPOKEN_FIRST_CUT } from '../reply/first-cut.ts';
import type { HandingOver } from './handing-over.ts';
import { namesToHear } from './names-to-hear.ts';
import { openSwitchboard } from './switchboard.ts';
import { chooseMode } from './talk-voice.ts';
import type { TalkMode } from './talk-voice.ts';
import type { TalkDeps, TalkParts } from './talk.ts';

/** What modes are opened with. */
export interface ModesDeps extends TalkDeps {
  /** Whether the bot's end is decided, or its handover under way. */
  readonly isLeaving: () => boolean;
  /** Whether nothing is under way that a switch of modes would cut: a reply, a handover, the end. */
  readonly isAtRest: () => boolean;
}

/** How the talk is held now, and how it may be held otherwise. */
export interface TalkModes extends AsyncDisposable {
  /** Ears and mouth of now. */
  readonly mode: Mode;
  readonly current: () => TalkMode;
  /** How it is to be held, as soon as that is to be had. */
  readonly wanted: () => TalkMode['name'];
  /** How a turn came; one that a former bot took counts as written. */
  readonly channelOf: (turnId: TurnId) => TurnChannel;
  /** The conversation's rules, which depend on it. */
  readonly policy: () => ConversationPolicy;
  /**
   * Goes over to that mode, if the talk is in another one and it is to be had; never rejects. Whoever
   * wanted another one before does not any more.
   */
  readonly switchTo: (name: TalkMode['name']) => Promise<void>;
}

/**
 * Opens what the talk is heard and answered with. A voice that is missed for now is tried again until it
 * comes, or somebody wants another mode, or the modes are closed; no reply is cut for it.
 */
export function openModes(
  deps: ModesDeps,
  parts: TalkParts,
  handover: Pick<HandingOver, 'untilTurnIsSafe'>,
  post: (event: EventBody) => void,
  signal: AbortSignal,
): TalkModes {
  const voiceIds = deps.newId();
  const channelOf = (turnId: TurnId): TurnChannel =>
    turnId.includes(`/${voiceIds}`) ? 'speech' : 'chat';
  const finished: ModeDeps['finished'] = (record, turnId) => {
    deps.observe(toObservation(record, turnId, channelOf));
    parts.writer.record(record);
  };
  const opening = { ...deps, finished, beforeSpeaking: handover.untilTurnIsSafe };
  const open = (mode: TalkMode): Mode => openMode(opening, parts, mode, post, signal);
  let current = parts.mode;
  let policy = policyFor(deps, parts, current, voiceIds);
  let switching = Promise.resolve();
  const board = openSwitchboard(open(current));
  let wish = openScope(signal);

  const goOver = async (name: TalkMode['name'], isWanted: () => boolean): Promise<void> => {
    if (!isWanted()) return;
    if (name === current.name) {
      // Whoever wants it in writing misses no voice.
      if (name === 'text') current = { name };
      return;
    }
    const chosen = await chooseMode(
      { ...deps, defaultMode: name },
      name,
      parts.character,
      parts.link,
    );
    if (!isWanted()) {
      if (chosen.name === 'voice') await chosen.voice.track[Symbol.asyncDispose]();
      return;
    }
    const isSame = chosen.name === current.name;
    current = chosen;
    if (isSame) return;
    policy = policyFor(deps, parts, current, voiceIds);
    deps.observe({ type: 'mode-switched', mode: chosen.name });
    const before = board.switchTo(open(chosen));
    post({ type: 'mode-switched' });
    await before[Symbol.asyncDispose]();
  };
  const inTurn: typeof goOver = (...how) => {
    switching = switching
      .then(() => goOver(...how))
      .catch((error: unknown) => deps.observe({ type: 'unexpected-error', error }));
    return switching;
  };
  const isMissed = (): boolean => current.name === 'text' && current.missed === 'for-now';
  const regainVoice = async (wanted: AbortSignal): Promise<void> => {
    const isWanted = (): boolean => !wanted.aborted && isMissed() && deps.isAtRest();
    await tryAgain(deps, isMissed, () => inTurn('voice', isWanted), wanted);
  };
  void regainVoice(wish.signal);
  return {
    mode: board,
    current: () => current,
    channelOf,
    policy: () => policy,
    wanted: () => (isMissed() ? 'voice' : current.name),
    async switchTo(name) {
      wish[Symbol.dispose]();
      wish = openScope(signal);
      const { signal: wanted } = wish;
      await inTurn(name, () => !wanted.aborted);
      void regainVoice(wanted);
    },
    [Symbol.asyncDispose]() {
      wish[Symbol.dispose]();
      return board[Symbol.asyncDispose]();
    },
  };
}

/** Each try has the model loaded and a track published anew. */
const BACKOFF = { firstMs: 2_000, maxMs: 60_000 };

/** As long as something is missed and the signal lives, with longer and longer pauses. */
async function tryAgain(
  { clock, random }: Pick<TalkDeps, 'clock' | 'random'>,
  isMissed: () => boolean,
  attempt: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 1; isMissed() && !signal.aborted; tries += 1) {
    const pauseMs = backoffMs(BACKOFF, tries, random());
    await clock.delay(pauseMs, signal).catch(() => undefined);
    await attempt();
  }
}

interface ModeDeps extends ModesDeps, Pick<VoiceModeDeps, 'finished' | 'beforeSpeaking'> {}

function openMode(
  deps: ModeDeps,
  parts: TalkParts,
  mode: TalkMode,
  post: (event: EventBody) => void,
  signal: AbortSignal,
): Mode {
  const { character, lease, link, writer } = parts;
  const { reply, pathMs, ears } = deps.settings;
  const common = {
    ...deps,
    ...parts,
    mayPublish: () => lease.mayPublish() && link.isUp(),
    arrives: () => link.isUp() || !deps.isLeaving(),
    messages: () => writer.messages(),
  };
  if (mode.name === 'text') return openTextMode({ ...common, settings: reply }, post, signal);
  const settings = {
    reply: { ...reply, firstCut: SPOKEN_FIRST_CUT },
    pathMs,
    ears: { ...ears, ...hearingOf(character) },
  };
  return openVoiceMode({ ...common, ...mode.voice, settings }, post, signal);
}

function policyFor(
  { settings: { conversation } }: TalkDeps,
  { character }: TalkParts,
  mode: TalkMode,
  voiceIds: string,
): ConversationPolicy {
  const speech = mode.name === 'voice' ? heardBy(mode.voice.stt, conversation.speech) : undefined;
  // Whoever speaks is listened to at once; what is not heard now is never heard.
  const whileSpoken = speech && {
    newTurnWhileReplying: 'interrupt' as const,
    linkLostWhileReplying: 'cut' as const,
    speech,
  };
  return {
    ...conversation,
    ...whileSpoken,
    botName: character.name,
    hasGreeting: character.greeting !== undefined,
    addressing: character.addressing,
    voiceIds,
  };
}

/** What its ears are told of it: in which language people speak, and what they call it. */
function hearingOf({ name, addressing, language, detectsLanguage }: Character) {
  return {
    language: detectsLanguage ? undefined : language,
    names: namesToHear([name, ...addressing.names]),
  };
}

/** How long words are waited for depends on who hears just now. */
function heardBy(stt: SpeechToText, speech: SpeechPolicy): SpeechPolicy {
  return {
    ...speech,
    get finalWaitMs() {
      return stt.finalP99Ms;
    },
  };
}

function toObservation(
  { outcome: end, at, firstTokenMs, firstSegmentMs, durationMs }: TurnRecord,
  turnId: TurnId | undefined,
  channelOf: (turnId: TurnId) => TurnChannel,
): ObservationBody {
  return {
    type: 'reply-finished',
    ...(turnId !== undefined && { turnId, channel: channelOf(turnId) }),
    end,
    at,
    durationMs,
    ...(firstTokenMs !== undefined && { firstTokenMs }),
    ...(firstSegmentMs !== undefined && { firstSegmentMs }),
  };
}
