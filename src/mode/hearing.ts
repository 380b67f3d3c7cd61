import type { EventBody, SpokenTurn } from '../conversation/events.ts';
import type { RoomSound } from '../ports/room-sound.ts';
import { openEar } from './ear.ts';
import type { Ear, EarDeps } from './ear.ts';
import type { Hearing } from './mouth.ts';

export interface HearingDeps extends EarDeps {
  readonly link: Pick<RoomSound, 'hear' | 'showTranscript'>;
}

/**
 * Listens to every microphone of the room, each with an ear of its own. A speaker's time goes on over
 * all the microphones that they ever open here.
 */
export function openHearing(
  deps: HearingDeps,
  post: (event: EventBody) => void,
): Hearing & Disposable {
  const ears = new Map<string, Ear>();
  /** Where the sound of those ended who have no microphone now, and what it was called. */
  const silent = new Map<string, Pick<Ear, 'trackId' | 'heardMs'>>();

  const listening = deps.link.hear((microphone) => {
    const { identity } = microphone.person;
    const before = ears.get(identity) ?? silent.get(identity);
    const ear: Ear = openEar(deps, microphone, before?.heardMs() ?? 0, (event) => {
      // Its owner may speak by another microphone by now.
      const isReplaced = ears.has(identity) && ears.get(identity) !== ear;
      if (event.type !== 'microphone-silent' || !isReplaced) post(event);
    });
    ears.set(identity, ear);
    return {
      ...ear,
      closed() {
        ear.closed();
        if (ears.get(identity) !== ear) return;
        ears.delete(identity);
        silent.set(identity, ear);
      },
    };
  });

  return {
    watchSilence: (identity, watchId, silenceMs) =>
      ears.get(identity)?.watchSilence(watchId, silenceMs),
    showTranscript({ turnId, speaker, text, final }: SpokenTurn) {
      const trackId = (ears.get(speaker) ?? silent.get(speaker))?.trackId;
      if (trackId === undefined) return;
      deps.link.showTranscript({ segmentId: turnId, speaker, trackId, text, final });
    },
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  };
}
