import type { SpeechEvent, TextToSpeech } from '../../src/ports/text-to-speech.ts';
import { openChannel } from '../../src/lib/channel.ts';
import { openPlayout } from '../../src/reply/playout.ts';
import type { HeardPiece } from '../../src/reply/script.ts';
import { toSpokenText } from '../../src/reply/speakable.ts';
import { makeSpeaking } from '../../src/reply/speaking.ts';
import type { SpokenText } from '../../src/conversation/events.ts';
import { openFakeVoiceTrack } from '../support/fake-voice-track.ts';
import { makeFakeTextToSpeech } from '../support/fake-text-to-speech.ts';
import { openHandClock } from '../support/hand-clock.ts';

const REQUEST = { voice: undefined, language: 'en' } as const;

/** A reply that is spoken by a voice and on a clock that are moved by hand. */
export function openSpeakingWorld(tts?: TextToSpeech) {
  const clock = openHandClock();
  const track = openFakeVoiceTrack(clock);
  const fake = makeFakeTextToSpeech();
  const playout = openPlayout({ clock, track, pathMs: 80 });
  const stage = makeSpeaking({ clock, playout, tts: tts ?? fake }, REQUEST);
  const model = openChannel<SpokenText>();
  const owner = new AbortController();
  const given: HeardPiece[] = [];
  const told: string[] = [];
  const audible = (): void => void told.push(`audible at ${clock.monotonicMs()}`);
  const run = async (): Promise<void> => {
    try {
      for await (const piece of stage.deliver(model, audible, owner.signal)) {
        // As a reply does: what was on its way here when it was cut is in the rest.
        if (owner.signal.aborted) break;
        given.push(piece);
      }
      told.push('ended');
    } catch (error) {
      told.push(String(error));
    }
  };
  void run();
  return {
    clock,
    track,
    playout,
    fake,
    stage,
    owner,
    told,
    model,
    says: (...sentences: readonly string[]) => {
      for (const one of sentences) model.put(toSpokenText(one));
    },
    given: () => given,
    texts: () => given.map(({ text }) => text),
    rest: () => stage.rest(given.length).map(({ text }) => text),
  };
}

/** A provider that streams by hand; `fails` ends it. */
export function makeManualTts() {
  const speeches: {
    readonly events: ReturnType<typeof openChannel<SpeechEvent>>;
    readonly signal: AbortSignal;
    text: string;
  }[] = [];
  const tts: TextToSpeech = {
    name: 'manual',
    async warmUp() {},
    speak(_request, text, signal) {
      const speech = { events: openChannel<SpeechEvent>(), signal, text: '' };
      speeches.push(speech);
      const read = async (): Promise<void> => {
        for await (const piece of text) speech.text += piece;
      };
      void read();
      return speech.events;
    },
  };
  return { tts, speeches };
}

/** So much sound, as a provider sends it. */
export function audio(ms: number): SpeechEvent {
  return { type: 'audio', pcm: new Int16Array(ms * 24).fill(5_000) };
}

/** The time of one word, as a provider tells it. */
export function time(text: string, fromMs: number, toMs: number): SpeechEvent {
  return { type: 'words', words: [{ text, fromMs, toMs }] };
}
