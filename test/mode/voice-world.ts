import type { EventBody } from '../../src/conversation/events.ts';
import type { ContextMessage } from '../../src/memory/context.ts';
import { openVoiceMode } from '../../src/mode/voice.ts';
import type { VoiceModeDeps } from '../../src/mode/voice.ts';
import type { Observation } from '../../src/ports/observe.ts';
import type { RoomLink } from '../../src/ports/room-link.ts';
import type { VoiceActivity } from '../../src/ports/voice-activity.ts';
import { said } from '../contract/memory-world.ts';
import { makeFakeLlm } from '../support/fake-llm.ts';
import { openFakeRooms } from '../support/fake-room-link.ts';
import { makeFakeSpeechToText } from '../support/fake-speech-to-text.ts';
import { makeFakeTextToSpeech } from '../support/fake-text-to-speech.ts';
import { openFakeVoiceTrack } from '../support/fake-voice-track.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';
import { MIA, REPLY_SETTINGS } from './mouth-world.ts';

/** Any loud window is speech. */
const LOUD_IS_SPEECH: VoiceActivity = {
  open(judged) {
    let toSample = 0;
    return {
      push(pcm) {
        toSample += pcm.length;
        judged({ probability: pcm.some((sample) => sample !== 0) ? 1 : 0, toSample });
      },
      [Symbol.dispose]: () => undefined,
    };
  },
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

const EARS = {
  threshold: 0.5,
  minSpeechMs: 64,
  minPauseMs: 96,
  sustainedMs: 300,
  language: 'en',
  names: [],
  minConfidence: 0.7,
};

/** A bot that speaks, by a voice and on a clock that are moved by hand, in a room with Ann in it. */
export async function openVoiceWorld(
  more: Partial<VoiceModeDeps> = {},
  wrap = (link: RoomLink) => link,
) {
  const clock = openHandClock();
  const rooms = openFakeRooms(clock);
  const ann = rooms.visit('room', { identity: 'ann', name: 'Ann' });
  const life = new AbortController();
  const link = wrap(await rooms.join({ room: 'room', name: 'Mia' }, () => undefined, life.signal));
  const track = openFakeVoiceTrack(clock);
  let isTrackClosed = false;
  const [llm, tts] = [makeFakeLlm(), makeFakeTextToSpeech()];
  const [posted, observed]: [EventBody[], Observation[]] = [[], []];
  const messages: ContextMessage[] = [said('Hello?', 'u1')];
  let ids = 0;
  const mode = openVoiceMode(
    {
      llm,
      tts,
      clock,
      link,
      track: {
        ...track,
        [Symbol.asyncDispose]: async () => void (isTrackClosed = true),
      },
      stt: makeFakeSpeechToText(),
      vad: LOUD_IS_SPEECH,
      random: () => 0,
      observe: (one) => void observed.push(one),
      newId: () => `id-${(ids += 1)}`,
      mayPublish: () => true,
      chatLines: true,
      beforeSpeaking: () => Promise.resolve(),
      arrives: () => true,
      messages: () => messages,
      character: MIA,
      settings: { reply: REPLY_SETTINGS, pathMs: 80, ears: EARS },
      finished: () => undefined,
      ...more,
    },
    (event) => void posted.push(event),
    life.signal,
  );
  return {
    mode,
    clock,
    life,
    tts,
    ann,
    posted,
    observed,
    isTrackClosed: () => isTrackClosed,
    /** Ms of the reply's sound that the room got. */
    soundedMs: () => track.heard().length / 24,
    /** The model answers the newest request with this, and that is all. */
    answers: async (...texts: readonly string[]) => {
      await settled();
      llm.completions.at(-1)?.say(...texts);
      llm.completions.at(-1)?.finish();
      await settled();
    },
    /** What was committed of the reply, in the model's own words. */
    committed: () =>
      posted.map((event) => (event.type === 'reply-progress' ? event.piece.original : '')).join(''),
    lines: () => ann.lines.map(({ text }) => text),
    segments: () => ann.segments.map(({ text, final, trackId }) => ({ text, final, trackId })),
  };
}
