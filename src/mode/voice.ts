import type { EventBody, SpokenTurn } from '../conversation/events.ts';
import { GIVE_WAY_MS } from '../lib/give-way.ts';
import type { Llm } from '../ports/llm.ts';
import type { VoiceTrack } from '../ports/room-sound.ts';
import { meterFor } from '../cost/meter-for.ts';
import { openPlayout } from '../reply/playout.ts';
import { toSpokenText } from '../reply/speakable.ts';
import { openDesk } from './desk.ts';
import type { DeskDeps } from './desk.ts';
import { openHearing } from './hearing.ts';
import type { HearingDeps } from './hearing.ts';
import type { Mode } from './mouth.ts';
import { openReplies } from './replies.ts';
import type { RepliesDeps } from './replies.ts';
import { openReplyTimes } from './reply-times.ts';
import { makeVoicing } from './voicing.ts';
import type { VoicingDeps } from './voicing.ts';
import { makeWriting } from './writing.ts';
import type { WritingDeps } from './writing.ts';
import { writtenIfMute } from './written-if-mute.ts';

/** What ears and a voice are made of. */
export interface VoiceModeDeps
  extends
    Omit<RepliesDeps, 'settings' | 'llm' | 'times'>,
    Omit<DeskDeps, 'link'>,
    Omit<HearingDeps, 'link' | 'settings' | 'voiced'>,
    Pick<VoicingDeps, 'tts' | 'beforeSpeaking'>,
    WritingDeps {
  readonly link: DeskDeps['link'] & HearingDeps['link'];
  readonly settings: {
    readonly reply: RepliesDeps['settings'];
    /** From leaving the track's queue to being heard, in ms. */
    readonly pathMs: number;
    readonly ears: HearingDeps['settings'];
  };
  readonly llm: Llm;
  /** The bot's voice in the room, ours to close. */
  readonly track: VoiceTrack;
}

/** What marks a chat line as the words of a person; clients' programs look for it. */
const TRANSCRIPTION = '[TRANSCRIPTION]:';

/**
 * Opens ears for every microphone of the room, and the mouth that speaks. What was heard of a reply is
 * written word by word into its segment, and sentence by sentence as chat lines.
 */
export function openVoiceMode(
  deps: VoiceModeDeps,
  post: (event: EventBody) => void,
  signal: AbortSignal,
): Mode {
  const { track, clock, settings } = deps;
  const desk = openDesk(deps);
  const times = openReplyTimes(deps);
  const playout = openPlayout({ clock, track: times.watch(track), pathMs: settings.pathMs });
  const replies = openReplies(
    { ...deps, times, settings: settings.reply },
    (turnId, mark) => {
      const meter = meterFor(deps, turnId);
      const voicing = makeVoicing({ ...deps, desk, playout, mark, meter }, signal);
      return writtenIfMute(deps, voicing, makeWriting(deps, desk));
    },
    post,
    signal,
  );
  const ears = { ...deps, voiced: times.voiced, settings: settings.ears };
  const hearing = openHearing(ears, (event) => {
    times.heard(event);
    // Whoever begins to speak will want an answer.
    if (event.type === 'speech-started') void Promise.all([deps.llm.warmUp(), deps.tts.warmUp()]);
    post(event);
  });
  /** What people said, to be shown in this order once the model has been asked. */
  const unshown: SpokenTurn[] = [];
  const showAll = (): void => {
    for (const transcript of unshown.splice(0)) {
      hearing.showTranscript(transcript);
      const { text } = toSpokenText(transcript.text);
      if (transcript.final && text !== '') desk.line(`${TRANSCRIPTION} ${text}`, signal);
    }
  };
  return {
    ...replies,
    // These write by themselves, and ask nobody: the question stands before its answer.
    releaseReply(replyId) {
      showAll();
      replies.releaseReply(replyId);
    },
    startLine(replyId, text) {
      showAll();
      replies.startLine(replyId, text);
    },
    watchSilence: (...watch) => hearing.watchSilence(...watch),
    showTranscript(transcript) {
      times.shown(transcript);
      unshown.push(transcript);
      void desk.tend('transcript', async () => {
        await clock.delay(GIVE_WAY_MS, signal).catch(() => undefined);
        showAll();
      });
    },
    note(text) {
      showAll();
      desk.note(toSpokenText(text).text, signal);
    },
    async [Symbol.asyncDispose]() {
      hearing[Symbol.dispose]();
      replies[Symbol.dispose]();
      await desk.settled(signal);
      await track[Symbol.asyncDispose]();
    },
  };
}
