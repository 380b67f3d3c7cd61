import { randomUUID } from 'node:crypto';
import { Room } from '@livekit/rtc-node';
import { systemClock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { MICROPHONE_FRAME_MS } from '../../ports/room-sound.ts';
import type { Microphone, MicrophoneListener, RoomSound } from '../../ports/room-sound.ts';
import { connectRoom } from './connect-room.ts';
import { leaveRoom } from './leave-room.ts';
import { makeHear } from './microphones.ts';
import type { LiveKitOptions } from './options.ts';
import { openPath } from './path.ts';
import { guardRoomEvents } from './room-events.ts';
import { mintListenerToken } from './token.ts';

/**
 * A room's microphones, heard by a hidden participant from before its bot is evicted until the bot that
 * evicts it hears by itself: what is said in between would reach neither.
 */
export interface Ahead extends Disposable {
  /** The other bot goes now: what it has not heard is kept for us from here on. */
  keep(): void;
  /** Makes the first use of `hear` begin each microphone with what was kept of it. */
  lead(hear: RoomSound['hear']): RoomSound['hear'];
}

/** For connecting: the bot that is to go serves on meanwhile, but must not for long. */
const CONNECT_LIMIT_MS = 1_500;
/** For the first sound; there may be nobody with a microphone. */
const SOUND_LIMIT_MS = 500;
/** From the first sound on: then we hear by ourselves, or nobody wants to. */
const OVERLAP_LIMIT_MS = 10_000;
const MOST_KEPT_FRAMES = 5_000 / MICROPHONE_FRAME_MS;
/** Whoever has listened for long hears later than one who just came: jitter buffers grow. */
const LAG_FRAMES = 160 / MICROPHONE_FRAME_MS;

/**
 * Begins to listen to a room in which another bot still is; undefined where that fails. It never throws:
 * the room is entered all the same, and if something is wrong with the server, that will tell.
 */
export async function listenAhead(
  options: LiveKitOptions,
  name: string,
  signal: AbortSignal,
): Promise<Ahead | undefined> {
  const room = new Room();
  const onError = (error: unknown): void => options.observe({ type: 'unexpected-error', error });
  guardRoomEvents(room, onError);
  try {
    const token = await mintListenerToken(options, name, `ahead-${randomUUID()}`);
    await connectRoom(options, room, { token, limitMs: CONNECT_LIMIT_MS }, signal);
  } catch {
    return undefined;
  }
  const ahead = openAhead(room, onError);
  await withDeadline(systemClock, SOUND_LIMIT_MS, () => ahead.sound, signal).catch(() => undefined);
  return ahead;
}

function openAhead(room: Room, onError: (error: unknown) => void): Ahead & { sound: Promise<void> } {
  const path = openPath();
  const microphones = new Map<string, EarlyMicrophone>();
  const sound = Promise.withResolvers<void>();
  const hearing = makeHear(room, path, onError)((microphone) => {
    const one = openEarly(microphone, sound.resolve);
    microphones.set(microphone.trackId, one);
    return one;
  });
  const limit = systemClock.after(OVERLAP_LIMIT_MS, end);
  let isLed = false;

  function end(): void {
    limit[Symbol.dispose]();
    hearing[Symbol.dispose]();
    if (path.change('gone')) void leaveRoom(room, systemClock);
  }
  /** The last one ends it. */
  function hand(microphone: Microphone): MicrophoneListener | undefined {
    const listener = microphones.get(microphone.trackId)?.handTo(microphone);
    microphones.delete(microphone.trackId);
    if (microphones.size === 0) end();
    return listener;
  }

  return {
    sound: sound.promise,
    keep: () => microphones.forEach((one) => one.keep()),
    lead: (hear) => (open) => {
      if (isLed) return hear(open);
      isLed = true;
      microphones.forEach((one) => one.leadTo(open));
      const own = hear((microphone) =>
        microphones.has(microphone.trackId)
          ? openLate(microphone, (now) => hand(now) ?? open(now))
          : open(microphone),
      );
      return {
        [Symbol.dispose]() {
          end();
          own[Symbol.dispose]();
        },
      };
    },
    [Symbol.dispose]: end,
  };
}

/** A microphone as the hidden participant hears it, until it is handed to its own listener's. */
interface EarlyMicrophone extends MicrophoneListener {
  keep(): void;
  /** Gives what was kept, and what comes, to a listener that is opened for it. */
  leadTo(open: (microphone: Microphone) => MicrophoneListener): void;
  /** Gives the listener up to whoever hears the same microphone now. */
  handTo(now: Microphone): MicrophoneListener | undefined;
}

function openEarly(microphone: Microphone, sounded: () => void): EarlyMicrophone {
  const kept: Int16Array[] = [];
  let { muted } = microphone;
  let isKeeping = false;
  let listener: MicrophoneListener | undefined;
  return {
    frame(pcm) {
      sounded();
      if (listener !== undefined) listener.frame(pcm);
      else if (kept.push(pcm) > (isKeeping ? MOST_KEPT_FRAMES : LAG_FRAMES)) kept.shift();
    },
    muted() {
      muted = true;
      listener?.muted();
    },
    unmuted() {
      muted = false;
      listener?.unmuted();
    },
    closed() {
      listener?.closed();
      listener = undefined;
    },
    keep: () => void (isKeeping = true),
    leadTo(open) {
      listener = open({ ...microphone, muted });
      for (const pcm of kept.splice(0)) listener.frame(pcm);
    },
    handTo(now) {
      const to = listener;
      listener = undefined;
      if (now.muted && !muted) to?.muted();
      if (!now.muted && muted) to?.unmuted();
      return to;
    },
  };
}

/** Asks for its listener only with its first sound: until then the hidden participant's goes on. */
function openLate(
  microphone: Microphone,
  take: (now: Microphone) => MicrophoneListener,
): MicrophoneListener {
  let { muted } = microphone;
  let listener: MicrophoneListener | undefined;
  return {
    frame(pcm) {
      listener ??= take({ ...microphone, muted });
      listener.frame(pcm);
    },
    muted() {
      muted = true;
      listener?.muted();
    },
    unmuted() {
      muted = false;
      listener?.unmuted();
    },
    closed: () => listener?.closed(),
  };
}
