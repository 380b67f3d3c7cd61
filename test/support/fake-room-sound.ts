import { randomUUID } from 'node:crypto';
import type { Person } from '../../src/conversation/events.ts';
import type { TroupeError } from '../../src/errors.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { MicrophoneListener, RoomSound } from '../../src/ports/room-sound.ts';
import { openFakeVoice, VOICE_RATE } from './fake-voice.ts';
import type { VisitorMicrophone, VisitorSound } from './sound-visitor.ts';
import { isTone } from './tones.ts';
import type { Changes } from './until.ts';

/** The sound in a room in memory. */
export interface FakeSoundRoom {
  readonly microphones: Map<string, FakeMicrophone>;
  /** Look anew which microphones there are. */
  readonly ears: Set<() => void>;
  /** What was heard of the bots, in frames. */
  readonly heard: Int16Array[];
  /** Whether a visitor listens. */
  loudspeaker: boolean;
  /** Who waits for one to listen. */
  readonly waiting: Set<() => void>;
  readonly changes: Changes;
}

interface FakeMicrophone {
  readonly person: Person;
  muted: boolean;
  readonly listeners: Map<object, MicrophoneListener>;
}

const FRAME = 512;

export function makeFakeSoundRoom(changes: Changes): FakeSoundRoom {
  return {
    changes,
    microphones: new Map(),
    ears: new Set(),
    heard: [],
    loudspeaker: false,
    waiting: new Set(),
  };
}

/** A bot's sound, but for its transcripts; `changed` is called when its path is another. */
export function openFakeSound(
  room: FakeSoundRoom,
  clock: Clock,
  path: () => 'up' | 'cut' | 'gone',
  unavailable: () => TroupeError,
): Pick<RoomSound, 'hear' | 'openVoice'> & { readonly changed: () => void } {
  const watching = new Set<() => void>();

  function hear(open: Parameters<RoomSound['hear']>[0]): Disposable {
    const us = {};
    const told = new Map<FakeMicrophone, boolean>();
    let isHearing = true;
    const look = (): void => {
      const isUp = isHearing && path() === 'up';
      const there = [...(isUp ? room.microphones : [])].filter(
        ([, { person }]) => person.kind === 'human',
      );
      const known = new Set(there.map(([, microphone]) => microphone));
      for (const microphone of told.keys()) if (!known.has(microphone)) close(microphone);
      for (const [trackId, microphone] of there) follow(trackId, microphone);
    };
    function close(microphone: FakeMicrophone): void {
      const listener = microphone.listeners.get(us);
      told.delete(microphone);
      microphone.listeners.delete(us);
      listener?.closed();
    }
    function follow(trackId: string, microphone: FakeMicrophone): void {
      const { person, muted, listeners } = microphone;
      const before = told.get(microphone);
      told.set(microphone, muted);
      if (before === undefined) listeners.set(us, open({ trackId, person, muted }));
      else if (before !== muted) listeners.get(us)?.[muted ? 'muted' : 'unmuted']();
    }
    room.ears.add(look);
    watching.add(look);
    look();
    return {
      [Symbol.dispose]() {
        isHearing = false;
        look();
        room.ears.delete(look);
        watching.delete(look);
      },
    };
  }

  return {
    hear,
    openVoice: () => openFakeVoice({ room, clock, path, watching, unavailable }),
    changed() {
      for (const look of watching) look();
    },
  };
}

/** A visitor's microphone and loudspeaker; what is played is heard at once. */
export function openFakeVisitorSound(room: FakeSoundRoom, person: Person): VisitorSound {
  const look = (): void => lookAnew(room);
  const heardMs = (hz: number): number =>
    room.heard
      .filter((frame) => isTone(frame, hz, VOICE_RATE))
      .reduce((sum, frame) => sum + (frame.length / VOICE_RATE) * 1_000, 0);
  return {
    async publishMicrophone(): Promise<VisitorMicrophone> {
      await Promise.resolve();
      const trackId = `TR_${randomUUID()}`;
      const microphone: FakeMicrophone = { person, muted: false, listeners: new Map() };
      const setMuted = (muted: boolean): void => {
        microphone.muted = muted;
        look();
      };
      room.microphones.set(trackId, microphone);
      look();
      return {
        trackId,
        async play(pcm) {
          await Promise.resolve();
          for (let at = 0; at + FRAME <= pcm.length; at += FRAME)
            for (const listener of microphone.listeners.values())
              listener.frame(pcm.slice(at, at + FRAME));
        },
        mute: () => setMuted(true),
        unmute: () => setMuted(false),
        async unpublish() {
          await Promise.resolve();
          room.microphones.delete(trackId);
          look();
        },
      };
    },
    turnLoudspeakerOn() {
      room.loudspeaker = true;
      for (const tell of room.waiting) tell();
    },
    heardMs,
    async hears(hz, ms, limitMs) {
      await room.changes.until(`${ms} ms of ${hz} Hz`, () => heardMs(hz) >= ms, limitMs);
    },
  };
}

/** Somebody is gone, and so are the microphones. */
export function takeMicrophones(room: FakeSoundRoom, identity: string): void {
  for (const [trackId, { person }] of room.microphones)
    if (person.identity === identity) room.microphones.delete(trackId);
  lookAnew(room);
}

function lookAnew(room: FakeSoundRoom): void {
  for (const ear of room.ears) ear();
}
