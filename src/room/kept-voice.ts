import { TroupeError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { backoffMs } from '../lib/retry.ts';
import type { Observe } from '../ports/observe.ts';
import type { RoomLink } from '../ports/room-link.ts';
import type { RoomSound, VoiceTrack } from '../ports/room-sound.ts';
import { TTS_SAMPLE_RATE } from '../ports/text-to-speech.ts';

/** The place in the room, as its sound sees it. */
export interface SoundPlace {
  /** The link of now; one that is gone stays until there is a new one. */
  readonly link: () => RoomLink;
  /** Whether that counts as the bot's place in the room. */
  readonly isUp: () => boolean;
  /** Whether the bot may be heard and seen now. */
  readonly mayPublish: () => boolean;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
  /** Aborts when the place is left. */
  readonly signal: AbortSignal;
}

/** The bot's voice, over all links into the room. */
export interface KeptVoices extends Pick<RoomSound, 'openVoice'> {
  /** The place counts again, perhaps over a new link. */
  readonly restored: () => void;
  /** The track of the voice that was opened last, while there is one. */
  readonly trackId: () => string | undefined;
}

const BACKOFF = { firstMs: 250, maxMs: 5_000 };

/** A voice that is open is published on each new link, where its track has another id. */
export function openKeptVoices(place: SoundPlace): KeptVoices {
  const voices = new Set<KeptVoice>();
  return {
    async openVoice() {
      if (!place.isUp()) throw unavailable('the path to the room is cut');
      const link = place.link();
      const voice = keepVoice(place, link, await link.openVoice(), () => voices.delete(voice));
      voices.add(voice);
      voice.follow();
      return voice;
    },
    restored() {
      for (const voice of voices) voice.follow();
    },
    trackId: () => [...voices].at(-1)?.trackId,
  };
}

interface KeptVoice extends VoiceTrack {
  /** Goes to the place's link, if it is not there. */
  follow(): void;
}

function keepVoice(
  place: SoundPlace,
  first: RoomLink,
  opened: VoiceTrack,
  forget: () => void,
): KeptVoice {
  const { clock, observe } = place;
  let on = first;
  let track = opened;
  let isOpen = true;
  /** Pending while it goes to another link. */
  let moving: Promise<void> | undefined;

  function isMisplaced(): boolean {
    return isOpen && place.isUp() && place.link() !== on;
  }

  async function move(): Promise<void> {
    for (let tries = 1; isMisplaced(); tries += 1) {
      const error = await failureOf(place.link());
      if (error === undefined || !place.isUp()) continue;
      observe({ type: 'publish-failed', what: 'voice', error });
      const pauseMs = backoffMs(BACKOFF, tries, place.random());
      await clock.delay(pauseMs, place.signal).catch(() => undefined);
    }
    moving = undefined;
  }

  async function failureOf(link: RoomLink): Promise<unknown> {
    try {
      const next = await link.openVoice();
      if (!isOpen) void next[Symbol.asyncDispose]();
      else [track, on] = [next, link];
      return undefined;
    } catch (error) {
      return error;
    }
  }

  return {
    get trackId() {
      return track.trackId;
    },
    follow() {
      if (isMisplaced()) moving ??= move();
    },
    async push(pcm) {
      if (!isOpen) throw unavailable('the voice is closed');
      // Lost, but in its own time: whoever pumps sound must not spin.
      if (place.link() !== on || !place.mayPublish())
        return await clock.delay((pcm.length / TTS_SAMPLE_RATE) * 1_000);
      try {
        await track.push(pcm);
      } catch (error) {
        if (place.isUp()) throw error;
      }
    },
    queuedMs: () => track.queuedMs(),
    clear: () => track.clear(),
    async untilHeard(limitMs, signal) {
      const begunAt = clock.monotonicMs();
      // What is said on the way to another link is lost.
      await withDeadline(clock, limitMs, async () => await moving, signal).catch(() => undefined);
      await track.untilHeard(Math.max(0, begunAt + limitMs - clock.monotonicMs()), signal);
    },
    async [Symbol.asyncDispose]() {
      isOpen = false;
      forget();
      await track[Symbol.asyncDispose]();
    },
  };
}

function unavailable(why: string): TroupeError {
  return new TroupeError(`LiveKit: ${why}`, {
    kind: 'unavailable',
    fault: 'fleet',
    service: 'livekit',
  });
}
