import type { Character } from '../character/character.ts';
import type { SpokenText } from '../conversation/events.ts';
import type { Meter } from '../ports/meter.ts';
import type { VoiceTrack } from '../ports/room-sound.ts';
import type { Stage } from '../reply/reply.ts';
import { makeSpeaking } from '../reply/speaking.ts';
import type { SpeakingDeps } from '../reply/speaking.ts';
import type { Desk } from './desk.ts';
import { openSpokenPage } from './spoken-page.ts';

export interface VoicingDeps extends SpeakingDeps {
  readonly desk: Desk;
  readonly track: Pick<VoiceTrack, 'trackId'>;
  readonly character: Character;
  /** Gets what making the voice took. */
  readonly meter: Meter;
  /** Resolves when a reply may begin to speak; the model is at work meanwhile. Never rejects. */
  readonly beforeSpeaking: (signal: AbortSignal) => Promise<void>;
}

/**
 * Makes the stage that speaks a reply and shows it as it is heard. What was heard of a cut reply is
 * shown behind its end too, so the page lives as long as the room: `life`.
 */
export function makeVoicing(deps: VoicingDeps, life: AbortSignal): Stage {
  const { voice, language } = deps.character;
  const speaking = makeSpeaking(deps, { voice, language, meter: deps.meter });
  const page = openSpokenPage(deps.desk, deps.track.trackId, life);
  let shown = 0;
  return {
    hold: speaking.hold,
    resume: speaking.resume,
    async *deliver(pieces, audible, signal) {
      const sentences = gated(pieces, () => {
        deps.mark?.('first-chunk');
        return deps.beforeSpeaking(signal);
      });
      for await (const piece of speaking.deliver(sentences, audible, signal)) {
        page.show(piece);
        shown += 1;
        yield piece;
      }
    },
    rest(told) {
      const rest = speaking.rest(told);
      rest.slice(shown - told).forEach(page.show);
      page.close();
      return rest;
    },
  };
}

async function* gated(
  pieces: AsyncIterable<SpokenText>,
  open: () => Promise<void>,
): AsyncGenerator<SpokenText> {
  let isOpen = false;
  for await (const piece of pieces) {
    if (!isOpen) await open();
    isOpen = true;
    yield piece;
  }
}
